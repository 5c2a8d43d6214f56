import { insertAccount } from '../../src/accounts/store.ts';
import { EXAMPLE } from '../../src/api/examples.ts';
import { insertBuild } from '../../src/builds/build-store.ts';
import { insertPublication } from '../../src/builds/publication-store.ts';
import { insertApp } from '../../src/builds/store.ts';
import { NO_SETTINGS } from '../../src/clients/client.ts';
import { insertClient } from '../../src/clients/store.ts';
import { insertFactor } from '../../src/factors/store.ts';
import { addMember } from '../../src/groups/change-groups.ts';
import { insertGroup } from '../../src/groups/store.ts';
import { newId } from '../../src/kit/random.ts';
import { putTwoFactorRule } from '../../src/policy/two-factor-rules.ts';
import type { House } from './house.ts';

/** What the examples name, as it is before each of them: made anew. */
export async function makeExamples(house: House): Promise<void> {
  const { database, clock, random } = house.app.deps;
  const now = clock.now();
  const place = { now, network: '', browser: '', requestId: '' };
  await database.transaction(async (tx) => {
    await tx.deleteFrom('account').where('id', '=', EXAMPLE.account).execute();
    await tx
      .deleteFrom('account')
      .where('email', 'in', ['ann@example.org', 'ben@example.org', 'bob@example.org'])
      .execute();
    for (const table of ['app', 'two_factor_rule', 'people_group', 'policy_value'] as const)
      await tx.deleteFrom(table).execute();
    await tx.deleteFrom('client').where('kind', '!=', 'api').execute();
    const account = { id: EXAMPLE.account, pseudonym: newId(random) };
    const person = { ...account, email: 'ann@example.org', name: 'Ann Example', roles: '', created_at: now };
    await insertAccount(tx, { ...person, password_hash: 'none' }, 'ann@example.org', now);
    await tx.updateTable('account').set({ two_factor_at: now }).where('id', '=', account.id).execute();
    const ben = { ...person, id: newId(random), pseudonym: newId(random), name: 'Ben Example' };
    await insertAccount(
      tx,
      { ...ben, email: 'ben@example.org', password_hash: 'none' },
      'ben@example.org',
      now,
    );
    for (const [id, label] of [
      [EXAMPLE.factor, 'Pixel'],
      [newId(random), 'Tablet'],
    ] as const) {
      await insertFactor(tx, {
        id,
        account_id: account.id,
        kind: 'totp',
        label,
        sealed_data: 'sealed',
        counter: 0,
        created_at: now,
      });
    }
    await tx
      .insertInto('session')
      .values({
        id: EXAMPLE.session,
        token_hash: newId(random),
        account_id: account.id,
        amr: 'pwd otp mfa',
        acr: 'mfa',
        method: 'totp',
        step_up_at: now,
        network: '192.0.2.7',
        browser: 'Mozilla/5.0',
        created_at: now,
        last_used_at: now,
        expires_at: now + 3_600_000,
      })
      .execute();
    const group = { id: EXAMPLE.group, name: 'Staff' };
    await insertGroup(tx, { ...group, name_key: 'staff', created_at: now });
    await addMember(tx, { place, actor: 'operator' }, group, account);
    await putTwoFactorRule(tx, random, group.id, now, now);
    await insertClient(tx, {
      ...NO_SETTINGS,
      id: EXAMPLE.client,
      kind: 'oidc',
      name: 'Wiki',
      secretHash: 'x',
      now,
      homeUrl: 'https://wiki.example.org/',
      redirectUris: ['https://wiki.example.org/callback'],
      acr: 'mfa',
    });
    await insertApp(tx, { ...APP, created_at: now });
    await insertBuild(tx, { ...BUILD, created_at: now });
    const publication = { id: newId(random), build_id: BUILD.id, everyone: true, created_at: now };
    await insertPublication(tx, publication, []);
  });
}

const APP = {
  id: EXAMPLE.app,
  slug: 'field-notes',
  name: 'Field Notes',
  description: 'Notes in the field.',
  owner_id: null,
  icon_hash: null,
};
const BUILD = {
  id: EXAMPLE.build,
  app_id: EXAMPLE.app,
  platform: 'android',
  format: 'apk',
  version: '2.4.0',
  notes: 'Faster.',
  file_name: 'field-notes-2.4.0.apk',
  size: 145,
  sha256: '2f1c0f7a6a5d6be3b9a4c1d98e7f60512f1c0f7a6a5d6be3b9a4c1d98e7f6051',
  bundle: null,
};
