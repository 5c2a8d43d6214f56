import { insertAccount } from '../../src/accounts/store.ts';
import { EXAMPLE } from '../../src/api/examples.ts';
import type { Example, Operation } from '../../src/api/operation.ts';
import type { ApiScope } from '../../src/clients/client.ts';
import { NO_SETTINGS } from '../../src/clients/client.ts';
import { insertClient } from '../../src/clients/store.ts';
import { insertFactor } from '../../src/factors/store.ts';
import { addMember } from '../../src/groups/change-groups.ts';
import { insertGroup } from '../../src/groups/store.ts';
import { tokenHash } from '../../src/kit/encoding.ts';
import { newId, newToken } from '../../src/kit/random.ts';
import type { House } from './house.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Calls an operation as its example says; `token` null: with none. */
export async function callApi(
  house: House,
  { method, path }: Operation,
  { params = {}, query = {}, body }: Example,
  token: string | null,
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiAnswer> {
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? name);
  const answer = await house.app.server.inject({
    method,
    url: `/api/v1${filled}?${new URLSearchParams(query)}`,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body === '' ? null : answer.json(),
  };
}

/** A program with these scopes, and a token as the client credentials grant keeps it. */
export async function giveToken(house: House, scopes: readonly ApiScope[]): Promise<string> {
  const { database, random, clock, seal } = house.app.deps;
  const [id, token, now] = [newId(random), newToken(random), clock.now()];
  const hash = tokenHash(token);
  await database.transaction(async (tx) => {
    await insertClient(tx, {
      ...NO_SETTINGS,
      id,
      kind: 'api',
      name: 'Zapier',
      secretHash: hash,
      now,
      scopes,
    });
    await tx
      .insertInto('oidc_token')
      .values({
        hash,
        kind: 'ClientCredentials',
        client_id: id,
        account_id: null,
        grant_id: null,
        session_id: null,
        sealed: seal.seal('oidc', hash, JSON.stringify({ scope: scopes.join(' ') })),
        created_at: now,
        expires_at: now + 600_000,
        consumed_at: null,
      })
      .execute();
  });
  return token;
}

/** What the examples name, as it is before each of them: made anew. */
export async function makeExamples(house: House): Promise<void> {
  const { database, clock } = house.app.deps;
  const now = clock.now();
  const place = { now, network: '', browser: '', requestId: '' };
  await database.transaction(async (tx) => {
    await tx.deleteFrom('account').where('id', '=', EXAMPLE.account).execute();
    await tx.deleteFrom('account').where('email', 'in', ['ann@example.org', 'bob@example.org']).execute();
    await tx.deleteFrom('people_group').execute();
    await tx.deleteFrom('client').where('kind', '!=', 'api').execute();
    const account = { id: EXAMPLE.account, pseudonym: newId(house.app.deps.random) };
    const person = { ...account, email: 'ann@example.org', name: 'Ann Example', roles: '', created_at: now };
    await insertAccount(tx, { ...person, password_hash: 'none' }, 'ann@example.org', now);
    await tx.updateTable('account').set({ two_factor_at: now }).where('id', '=', account.id).execute();
    for (const [id, label] of [
      [EXAMPLE.factor, 'Pixel'],
      [newId(house.app.deps.random), 'Tablet'],
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
        token_hash: newId(house.app.deps.random),
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
  });
}
