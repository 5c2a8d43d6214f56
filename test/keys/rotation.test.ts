import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sealAuditChain } from '../../src/audit/chain.ts';
import { verifyAudit } from '../../src/audit/verify.ts';
import { listKnownKeys, newestOf } from '../../src/database/key-ledger.ts';
import { draftFor } from '../../src/factors/draft.ts';
import { keyUses } from '../../src/keys/key-use.ts';
import { createKeyWatch } from '../../src/keys/key-watch.ts';
import { useActiveKey } from '../../src/keys/register-key.ts';
import { retireKey } from '../../src/keys/retire-key.ts';
import { rotateKeys } from '../../src/keys/rotate-keys.ts';
import { SEALED_COLUMNS } from '../../src/keys/sealed-columns.ts';
import { HOUR, MINUTE } from '../../src/kit/clock.ts';
import { systemRandom } from '../../src/kit/random.ts';
import { createSeal } from '../../src/kit/seal.ts';
import { loadSigningKeys } from '../../src/oidc/signing-keys.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { keyFile } from '../kit/key-file.ts';
import { addKey, answerKey } from '../kit/keys.ts';
import {
  addPerson,
  addProtectedPerson,
  appCode,
  enterPassword,
  isSignedIn,
  readEnrolment,
  signIn,
} from '../kit/people.ts';

describe.each(ENGINES)('a rotation of the key ring, on %s', (engine) => {
  let house: House;
  let ring: ReturnType<typeof keyFile>;
  beforeEach(async () => {
    ring = keyFile();
    house = await openHouse({ engine, env: ring.env });
  });
  afterEach(async () => {
    await house.close();
    ring.remove();
  });
  const deps = () => house.app.deps;
  const rotate = () => rotateKeys(deps(), 'operator');
  const stored = () =>
    JSON.parse(readFileSync(ring.path, 'utf8')) as { active: string; keys: Record<string, string> };

  async function tablesWithSecrets(): Promise<string[]> {
    const { rows } = await sql<{ place: string }>(
      (engine === 'sqlite'
        ? [
            `select m.name || '.' || c.name as place from sqlite_master m, pragma_table_info(m.name) c
              where m.type = 'table' and c.name like 'sealed%'`,
          ]
        : [
            `select table_name || '.' || column_name as place from information_schema.columns
              where table_schema = current_schema() and column_name like 'sealed%'`,
          ]) as unknown as TemplateStringsArray,
    ).execute(deps().database.db);
    return rows.map(({ place }) => place).sort();
  }

  test('R80: every column that holds a sealed secret is known to it', async () => {
    expect(await tablesWithSecrets()).toEqual(
      SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`).sort(),
    );
  });

  /** Something sealed in each of the tables. */
  async function fillEverything() {
    const ann = await addProtectedPerson(house);
    const key = new Authenticator();
    await addKey(ann.browser, key, { label: 'Blue key' });
    await ann.browser.post('/account/security/sms', { phone: '+34600123456' });
    await ann.browser.post('/account/security/sms/confirm', {
      code: /\d{6}/.exec((await house.mails('+34600123456'))[0]?.text ?? '')?.[0] ?? '',
    });
    // The app is replaced, and comes back by a link for a day.
    const [factor] = await deps()
      .database.db.selectFrom('factor')
      .select('id')
      .where('kind', '=', 'totp')
      .execute();
    const page = await ann.browser.get(`/account/security/totp?replaces=${factor?.id}`);
    const { secret } = readEnrolment(page.body);
    const fields = { code: appCode(house, secret), replaces: factor?.id as string };
    expect((await ann.browser.post('/account/security/totp', fields)).status).toBe(303);
    house.clock.advance(30_000);
    // A draft and a challenge that go on across the rotation.
    await draftFor(deps(), { accountId: ann.person.id, holderId: 'somebody' }, 'totp', null, () => ({
      secret: 'x',
    }));
    const texting = house.browser();
    await enterPassword(texting, ann.person);
    house.clock.advance(61_000);
    await texting.post('/sign-in/factor/sms/send');
    await loadSigningKeys(deps());
    const { database, seal, clock } = deps();
    await database.transaction(async (tx) => {
      const now = clock.now();
      const at = { created_at: now, expires_at: now + HOUR };
      const client = {
        id: 'c1',
        kind: 'api' as const,
        name: 'C',
        description: '',
        home_url: null,
        secret_hash: null,
      };
      const more = {
        redirect_uris: '[]',
        post_logout_redirect_uris: '[]',
        backchannel_logout_uri: null,
        origin: null,
      };
      const last = { acr: 'pwd' as const, scopes: '', created_at: now, secret_changed_at: null };
      await tx
        .insertInto('client')
        .values({ ...client, ...more, ...last })
        .execute();
      const token = {
        hash: 'h1',
        kind: 'ClientCredentials',
        client_id: 'c1',
        account_id: null,
        grant_id: null,
      };
      await tx
        .insertInto('oidc_token')
        .values({
          ...token,
          session_id: null,
          sealed: seal.seal('oidc', 'h1', '{"scope":"a"}'),
          ...at,
          consumed_at: null,
        })
        .execute();
      await tx
        .insertInto('oidc_interaction')
        .values({
          hash: 'h2',
          client_id: 'c1',
          session_hash: '',
          sealed: seal.seal('oidc', 'h2', '{}'),
          ...at,
        })
        .execute();
      await deps().outbox.enqueue(
        tx,
        { channel: 'task', kind: 'later', accountId: null, message: { name: 'none', data: {} } },
        now + 30 * 24 * HOUR,
      );
      const staged = { import_id: 'i1', id: 'f1', account_id: 'a1', kind: 'totp', label: 'App', counter: 0 };
      await tx
        .insertInto('import_factor')
        .values({ ...staged, sealed_data: seal.seal('totp', 'a1/f1', 'GEZDGNBVGY3TQOJQ') })
        .execute();
    });
    return { ...ann, replaced: ann.secret, secret, key, texting };
  }

  /** Tables in which anything still names the first key, in whatever column, but for what is noted of the key itself. */
  async function namedKeys(): Promise<string[]> {
    const { db } = deps().database;
    const list =
      engine === 'sqlite'
        ? sql<{
            name: string;
          }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
        : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`;
    const found: string[] = [];
    for (const { name } of (await list.execute(db)).rows) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(db);
      const texts = rows.map((row) => JSON.stringify(row)).filter((text) => !text.includes('"key/k1"'));
      if (texts.some((text) => /k1\.[\w-]{37}/.test(text))) found.push(name);
    }
    return found;
  }

  async function keyIdsByPlace(): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    for (const { table, column } of SEALED_COLUMNS) {
      const { rows } = await sql<{ text: string }>`
        select ${sql.ref(column)} as text from ${sql.table(table)} where ${sql.ref(column)} <> ''`.execute(
        deps().database.db,
      );
      found[table] = [...new Set(rows.map(({ text }) => text.split('.')[0] as string))];
    }
    return found;
  }

  test('R80: every secret is sealed anew and still opens; sessions, codes and drafts under way go on', async () => {
    const { person, browser, secret, replaced, key, texting } = await fillEverything();
    expect(await keyIdsByPlace()).toEqual(
      Object.fromEntries(SEALED_COLUMNS.map(({ table }) => [table, ['k1']])),
    );
    // What a crash in an earlier rotation has left.
    const draft = `${ring.path}.${'0'.repeat(32)}`;
    writeFileSync(draft, '{}');
    expect(await rotate()).toEqual({ active: 'k2', previous: 'k1' });
    expect(existsSync(draft)).toBe(false);
    expect(statSync(ring.path).mode & 0o777).toBe(0o600);
    await createKeyWatch(deps()).look();
    expect(await keyIdsByPlace()).toEqual(
      Object.fromEntries(SEALED_COLUMNS.map(({ table }) => [table, ['k2']])),
    );
    expect(await namedKeys()).toEqual([]);
    expect(await isSignedIn(browser)).toBe(true);
    // The text message went out before: its code is right all the same.
    const code = /\d{6}/.exec((await house.mails('+34600123456'))[0]?.text ?? '')?.[0] ?? '';
    expect((await texting.post('/sign-in/factor/sms', { code })).status).toBe(303);
    expect(await isSignedIn(texting)).toBe(true);
    const app = house.browser();
    await signIn(house, app, person, secret);
    expect(await isSignedIn(app)).toBe(true);
    const other = house.browser();
    await enterPassword(other, person);
    await answerKey(other, key);
    expect(await isSignedIn(other)).toBe(true);
    expect((await loadSigningKeys(deps())).length).toBe(2);
    const undo = house.browser();
    const token = new URL(await house.link(person.email, '/undo'), 'http://x').searchParams.get('token');
    await undo.submit('/undo', { token: token as string });
    const back = house.browser();
    await signIn(house, back, person, replaced);
    expect(await isSignedIn(back)).toBe(true);
    expect(await verifyAudit(deps())).toMatchObject({ ok: true, problems: [] });
  });

  test('R80: another instance that runs takes the new key over by the first row that names it', async () => {
    const { person, secret } = await addProtectedPerson(house);
    const twin = await house.twin();
    await rotate();
    await createKeyWatch(deps()).look();
    // It has looked at nothing yet, and still seals with the key that it knows.
    expect(twin.app.deps.seal.activeKey).toBe('k1');
    const browser = twin.browser();
    await signIn(twin, browser, person, secret);
    expect(await isSignedIn(browser)).toBe(true);
    await createKeyWatch(twin.app.deps).look();
    expect(twin.app.deps.seal.activeKey).toBe('k2');
  });

  test('R80: sign-ins with a code go on while rings are rotated and secrets sealed anew', {
    timeout: 60_000,
  }, async () => {
    const people = [];
    for (let index = 0; index < 6; index++) {
      people.push(await addProtectedPerson(house, { email: `p${index}@example.org` }));
    }
    const twin = await house.twin();
    const watches = [createKeyWatch(deps()), createKeyWatch(twin.app.deps)];
    let busy = true;
    const rotating = (async () => {
      for (let round = 0; round < 5; round++) {
        await rotateKeys(round % 2 ? twin.app.deps : deps(), 'operator');
        await Promise.all(watches.map((watch) => watch.look()));
      }
      busy = false;
    })();
    let signedIn = 0;
    const refused: number[] = [];
    while (busy || signedIn < 12) {
      house.clock.advance(30_000);
      await Promise.all(
        people.map(async ({ person, secret }, index) => {
          const browser = (index % 2 ? twin : house).browser();
          await enterPassword(browser, person);
          const answer = await browser.post('/sign-in/factor/totp', { code: appCode(house, secret) });
          if (answer.status === 303) signedIn += 1;
          else refused.push(answer.status);
        }),
      );
    }
    await rotating;
    expect(refused).toEqual([]);
    house.clock.advance(20 * MINUTE);
    await createKeyWatch(deps()).look();
    expect(deps().seal.activeKey).toBe('k6');
    expect((await keyUses(deps())).filter(({ rows }) => rows > 0).map(({ id }) => id)).toEqual(['k6']);
    expect(await verifyAudit(deps())).toMatchObject({ ok: true });
  });

  test('R80: an older ring starts as long as it lacks nothing, and is refused by the name of what it lacks', async () => {
    await addProtectedPerson(house);
    await sealAuditChain(deps());
    copyFileSync(ring.path, `${ring.path}.old`);
    await rotate();
    copyFileSync(ring.path, `${ring.path}.new`);
    copyFileSync(`${ring.path}.old`, ring.path);
    await expect(house.twin()).rejects.toThrow('lacks the key "k2"');
    copyFileSync(`${ring.path}.new`, ring.path);
    await house.twin();
    // Sealed anew, but the records that it proves are kept: the ring may not do without the first key.
    const watch = createKeyWatch(deps());
    await watch.look();
    house.clock.advance(HOUR);
    await watch.look();
    expect((await keyUses(deps())).map(({ id, state }) => [id, state])).toEqual([
      ['k1', 'records'],
      ['k2', 'active'],
    ]);
    const { k2 } = stored().keys;
    writeFileSync(ring.path, JSON.stringify({ active: 'k2', keys: { k2 } }));
    await expect(house.twin()).rejects.toThrow('lacks the key "k1"');
  });

  test('R80: a key is retired when neither secrets nor records need it, and not before', async () => {
    await addPerson(house);
    await rotate();
    await expect(retireKey(deps(), 'k2', 'operator')).rejects.toThrow('rotate');
    await expect(retireKey(deps(), 'k9', 'operator')).rejects.toThrow('no key "k9"');
    // The check row is under the old one still.
    await expect(retireKey(deps(), 'k1', 'operator')).rejects.toThrow(
      'secrets that are still sealed with it: 1',
    );
    const watch = createKeyWatch(deps());
    await watch.look();
    expect((await keyUses(deps())).map(({ id, state }) => [id, state])).toEqual([
      ['k1', 'unused'],
      ['k2', 'active'],
    ]);
    await retireKey(deps(), 'k1', 'operator');
    expect(Object.keys(stored().keys)).toEqual(['k2']);
    await watch.look();
    expect(deps().seal.keyIds).toEqual(['k2']);
    await house.twin();
    // A name is never given twice: a backup may know it.
    expect((await rotate()).active).toBe('k3');
  });

  test('R80: instances with rings of their own, one after the other: what the last one uses is sealed with', async () => {
    await addProtectedPerson(house);
    await rotate();
    const { k1, k2 } = stored().keys;
    const write = (active: string) => writeFileSync(ring.path, JSON.stringify({ active, keys: { k1, k2 } }));
    const sealedWith = async () => {
      const rows = await deps().database.db.selectFrom('factor').select('sealed_data').execute();
      return rows.map(({ sealed_data }) => sealed_data?.slice(0, 2));
    };
    for (const active of ['k2', 'k1', 'k2']) {
      write(active);
      const twin = await house.twin();
      expect(twin.app.deps.seal.activeKey).toBe(active);
      await createKeyWatch(twin.app.deps).look();
      expect(await sealedWith()).toEqual([active]);
      house.clock.advance(HOUR);
      await createKeyWatch(twin.app.deps).look();
    }
    // The one that has run all the time follows.
    await createKeyWatch(deps()).look();
    expect(deps().seal.activeKey).toBe('k2');
  });

  test('R80: whoever loads the ring just before it is rotated does not turn it back', async () => {
    const old = {
      active: 'k1',
      keys: new Map([['k1', Buffer.from(stored().keys['k1'] as string, 'base64')]]),
    };
    await rotate();
    await useActiveKey({ ...deps(), seal: createSeal(old, systemRandom) }, old);
    expect(newestOf(await listKnownKeys(deps().database.db))?.id).toBe('k2');
  });

  test('R80: a database that is away just then does not keep the new key from being taken over', async () => {
    const { k1 } = stored().keys;
    const k2 = systemRandom.bytes(32).toString('base64');
    writeFileSync(ring.path, JSON.stringify({ active: 'k2', keys: { k1, k2 } }));
    let isAway = true;
    const transaction: typeof house.app.database.transaction = (work, options) =>
      isAway ? Promise.reject(new Error('away')) : house.app.database.transaction(work, options);
    const watch = createKeyWatch({ ...deps(), database: { ...house.app.database, transaction } });
    await expect(watch.look()).rejects.toThrow('away');
    isAway = false;
    await watch.look();
    expect(deps().seal.activeKey).toBe('k2');
  });

  test('R80: a server that stops does not wait until everything is sealed anew', async () => {
    await addProtectedPerson(house);
    await rotate();
    const watch = createKeyWatch(deps());
    watch.start();
    const looking = watch.look();
    await watch.stop();
    await looking;
    expect((await keyUses(deps())).find(({ id }) => id === 'k1')?.rows).toBeGreaterThan(0);
    await createKeyWatch(deps()).look();
  });

  test('R80: the ring of another database in place of ours is not taken over', async () => {
    const other = keyFile();
    copyFileSync(other.path, ring.path);
    await expect(createKeyWatch(deps()).look()).rejects.toThrow('not a newer form of ours');
    expect(deps().seal.activeKey).toBe('k1');
    await addProtectedPerson(house);
    other.remove();
  });
});
