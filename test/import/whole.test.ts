import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { countImportedHashes } from '../../src/accounts/hash-kinds.ts';
import { chooseFrom, refreshSpread, standInFor } from '../../src/accounts/hash-spread.ts';
import { updateProfile } from '../../src/accounts/store.ts';
import { findPeople } from '../../src/admin/people/find-people.ts';
import { holdChain } from '../../src/audit/chain.ts';
import type { Database } from '../../src/database/open.ts';
import { insertGroup } from '../../src/groups/store.ts';
import { importAccounts } from '../../src/import/import-accounts.ts';
import { HOUR } from '../../src/kit/clock.ts';
import { pause } from '../../src/kit/pause.ts';
import { clearAbandonedImports } from '../../src/upkeep/clear-import.ts';
import { ENGINES } from '../kit/house.ts';
import { addPerson, appCode, PASSWORD } from '../kit/people.ts';
import { BCRYPT } from './fixtures.ts';
import { countAll, type Imported, type Imports, knock, openImports, reaches } from './import-kit.ts';

/** A row of which a reader knows nothing but where it stands. */
const NOBODY = {
  place: 'line 2',
  email: '',
  name: '',
  proven: true,
  suspended: false,
  locale: '',
  password: null,
  apps: [],
  roles: [],
  groups: [],
  notKept: [],
} as const;

const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe.each(ENGINES)('all or none on %s', (engine) => {
  let office: Imports;
  beforeAll(async () => {
    office = await openImports(engine);
    await addPerson(office.house, { email: 'here@example.org' });
  });
  afterAll(() => office.house.close());

  test('a dry run reads everything and changes nothing', async () => {
    const before = await countAll(office.house);
    const rows = ['email,name,groups,password_hash', `dry@example.org,Dry,Sales;Staff,${BCRYPT}`];
    const { code, report } = await office.bring('csv', rows.join('\n'), '--dry-run');
    expect(code).toBe(0);
    expect(report).toMatchObject({ ok: true, dry_run: true, accounts: 1, groups: ['Sales', 'Staff'] });
    expect(await countAll(office.house)).toEqual(before);
  });

  test('who came in is in, also where the database goes away before all is tidied up', async () => {
    const { deps } = office.house.app;
    let transactions = 0;
    const transaction: Database['transaction'] = (work, options) => {
      // To begin, to gather, to come in; then it is tidied up.
      if (++transactions > 3) return Promise.reject(new Error('away'));
      return deps.database.transaction(work, options);
    };
    async function* rows() {
      yield { ...NOBODY, email: 'tidy@example.org', name: 'Tidy' };
    }
    const options = { from: 'csv', dryRun: false, administrators: false };
    const report = await importAccounts(
      { ...deps, database: { ...deps.database, transaction } },
      rows(),
      options,
    );
    expect(report).toMatchObject({ ok: true, accounts: 1 });
    expect(transactions).toBe(4);
    // Who changes their name before that is found by the new one.
    const { id } = await deps.database.db
      .selectFrom('account')
      .select('id')
      .where('email', '=', 'tidy@example.org')
      .executeTakeFirstOrThrow();
    await deps.database.transaction(async (tx) => {
      await updateProfile(tx, id, { name: 'Neat', locale: null, time_zone: null });
    });
    await clearAbandonedImports(deps.database, office.house.clock.now() + HOUR);
    expect(await countAll(office.house)).toMatchObject({ import_row: 0, import_run: 0 });
    const found = async (text: string) =>
      (await findPeople(deps.database.db, { text, after: '' }, 0)).people.length;
    expect([await found('neat'), await found('tidy')]).toEqual([1, 1]);
  });

  test('who came in is found by name in the Dashboard', async () => {
    const rows = ['email,name', 'q@example.org,Quintilia Núñez', 'r.tull@example.org,Rex'];
    expect((await office.bring('csv', rows.join('\n'))).code).toBe(0);
    const { db } = office.house.app.database;
    for (const [text, email] of [
      ['nun quin', 'q@example.org'],
      ['tull', 'r.tull@example.org'],
    ] as const) {
      const { people } = await findPeople(db, { text, after: '' }, 0);
      expect(people.map((person) => person.email)).toEqual([email]);
    }
  });

  test('every bad row is named by its line, and the good ones stay outside too', async () => {
    const before = await countAll(office.house);
    const rows = [
      'email,name,roles,groups,password_hash,totp_secret',
      `good@example.org,Good,,,${BCRYPT},`,
      'no address,Ann,,,,',
      '"quoted@example.org","Two',
      'lines",,,,',
      'HERE@example.org,Taken,,,,',
      `good@EXAMPLE.org,Again,,,,`,
      'role@example.org,Role,owner,,,',
      'boss@example.org,Boss,admin,,,',
      'group@example.org,Group,,"a,b",,',
      'hash@example.org,Hash,,,plaintext,',
      'short@example.org,Short,,',
      ',Nobody,,,,',
      `app@example.org,App,,,${BCRYPT},not-base32!`,
      '"evil\u001b[31m"@x,E,,,,',
    ];
    const { code, report, stderr } = await office.bring('csv', rows.join('\r\n'));
    expect(code).toBe(1);
    expect(report).toMatchObject({ ok: false, accounts: 1 });
    expect(report.problems).toEqual([
      { place: 'line 3', problem: '“no address” is not an e-mail address' },
      { place: 'line 4', problem: '“Two��lines” can’t be a name' },
      { place: 'line 7', problem: '“good@example.org” is already at line 2' },
      { place: 'line 8', problem: 'there is no role “owner”: use admin, publisher or member' },
      { place: 'line 9', problem: 'makes an administrator: add --with-administrators if you mean that' },
      { place: 'line 10', problem: '“a,b” can’t be the name of a group' },
      { place: 'line 11', problem: 'the password hash is of an unknown kind' },
      { place: 'line 12', problem: 'has 4 values where the first line has 6' },
      { place: 'line 13', problem: 'there is no e-mail address' },
      { place: 'line 14', problem: 'the secret of the authenticator app can’t be read' },
      { place: 'line 15', problem: 'there is a quotation mark too few or too many' },
      { place: 'line 6', problem: '“HERE@example.org” already has an account here' },
    ]);
    expect(JSON.parse(stderr).message).toContain('line 3: “no address” is not an e-mail address');
    expect(await countAll(office.house)).toEqual(before);
    expect(await reaches(office.house, 'good@example.org')).toBe(422);
  });

  test('CSV: roles, groups, a TOTP secret; administrators only where the operator says so', async () => {
    const rows = [
      'email,name,roles,groups,password_hash,totp_secret,locale',
      `boss@example.org,"Boss, Big",admin; publisher,Staff,${BCRYPT},${BASE32.toLowerCase()},es`,
      `pub@example.org,,publisher,staff;Sales,${BCRYPT},,`,
    ];
    const { code, report } = await office.bring('csv', rows.join('\n'), '--with-administrators');
    expect([code, report.problems]).toEqual([0, []]);
    expect(report).toMatchObject({
      administrators: 1,
      publishers: 2,
      groups: ['Staff', 'Sales'],
      with_two_factor: 1,
    });
    const shown = JSON.parse((await office.run('account', 'show', 'boss@example.org', '--json')).stdout);
    expect(shown).toMatchObject({ name: 'Boss, Big', roles: ['admin', 'publisher'], two_factor: true });
    office.house.clock.advance(Math.max(0, Date.now() - office.house.clock.now()));
    const { browser, answer } = knock(office.house, 'boss@example.org');
    expect((await answer).location).toBe('/sign-in/factor');
    const done = await browser.post('/sign-in/factor/totp', { code: appCode(office.house, BASE32) });
    expect(done.location).toBe('/');
    expect((await browser.get('/admin/people')).status).toBe(200);
    const members = await office.house.app.database.db.selectFrom('group_member').selectAll().execute();
    expect(members).toHaveLength(3);
    expect((await office.run('audit', 'verify')).code).toBe(0);
  });

  test('people who belong to many groups come in with all of them', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `Many ${n}`).join(';');
    const rows = Array.from({ length: 250 }, (_, n) => `many${n}@example.org,${names}`);
    const { code, stderr } = await office.bring('csv', ['email,groups', ...rows].join('\n'));
    expect([stderr, code]).toEqual(['', 0]);
    const { count } = await office.house.app.database.db
      .selectFrom('group_member')
      .innerJoin('people_group', 'people_group.id', 'group_member.group_id')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('name', 'like', 'Many %')
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(25_000);
  });

  test('the same file twice: everybody is here already, and nothing happens', async () => {
    const before = await countAll(office.house);
    const { code, report } = await office.bring('csv', 'email\npub@example.org\nnew@example.org\n');
    expect(code).toBe(1);
    expect(report.problems).toEqual([
      { place: 'line 2', problem: '“pub@example.org” already has an account here' },
    ]);
    expect(await countAll(office.house)).toEqual(before);
  });

  test('what a crash left behind is nobody’s account, and goes with the next import', async () => {
    const { db } = office.house.app.database;
    const row = {
      import_id: 'crashed',
      position: 0,
      place: 'line 2',
      account_id: 'a'.repeat(32),
      pseudonym: 'p',
      email: 'ghost@example.org',
      address_key: 'ghost@example.org',
      name: 'Ghost',
      password_hash: `$import${BCRYPT}`,
      roles: 'admin',
      locale: null,
      proven_at: 1,
      suspended_at: null,
      two_factor_at: null,
    };
    await db
      .insertInto('import_run')
      .values({ id: 'crashed', touched_at: Date.now() - 61_000 })
      .execute();
    await db.insertInto('import_row').values(row).execute();
    expect(await reaches(office.house, 'ghost@example.org')).toBe(422);
    const { code } = await office.bring('csv', 'email\nghost@example.org\n');
    expect(code).toBe(0);
    const counts = await countAll(office.house);
    expect([counts['import_run'], counts['import_row'], counts['import_factor']]).toEqual([0, 0, 0]);
    // One that is being read right now is left alone.
    await db.insertInto('import_run').values({ id: 'alive', touched_at: Date.now() }).execute();
    await clearAbandonedImports(office.house.app.database, Date.now());
    expect((await countAll(office.house))['import_run']).toBe(1);
    await clearAbandonedImports(office.house.app.database, Date.now() + 60_000);
    expect((await countAll(office.house))['import_run']).toBe(0);
  });

  test('people sign in while others come in', async () => {
    const rows = Array.from(
      { length: 1500 },
      (_, index) => `crowd${index}@example.org,Crowd ${index},${BCRYPT}`,
    );
    const importing = office.bring('csv', `email,name,password_hash\n${rows.join('\n')}\n`);
    let done = false;
    void importing.finally(() => {
      done = true;
    });
    let slowest = 0;
    let signIns = 0;
    while (!done) {
      const start = performance.now();
      expect(await reaches(office.house, 'here@example.org')).toBe('/');
      slowest = Math.max(slowest, performance.now() - start);
      signIns += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { code, report } = await importing;
    expect([code, report.accounts]).toEqual([0, 1500]);
    expect(signIns).toBeGreaterThan(3);
    expect(slowest).toBeLessThan(2_000);
    expect(await reaches(office.house, 'crowd1499@example.org')).toBe('/');
    expect((await office.run('audit', 'verify')).code).toBe(0);
  });
});

describe('somebody else is at it too, on postgres', () => {
  let office: Imports;
  beforeAll(async () => {
    office = await openImports('postgres');
  });
  afterAll(() => office.house.close());

  test('a group of the file is made by somebody else at that very moment: everybody comes in all the same', async () => {
    const { db } = office.house.app.database;
    let bringing: Promise<Imported> | undefined;
    await db.transaction().execute(async (tx) => {
      await insertGroup(tx, { id: 'theirs', name: 'Crew', name_key: 'crew', created_at: 0 });
      bringing = office.bring('csv', 'email,groups\ncrew@example.org,Crew');
      await pause(700);
    });
    expect((await bringing)?.report).toMatchObject({ ok: true, accounts: 1 });
    const members = await db
      .selectFrom('group_member')
      .innerJoin('account', 'account.id', 'group_member.account_id')
      .select(['group_id', 'email'])
      .execute();
    expect(members).toEqual([{ group_id: 'theirs', email: 'crew@example.org' }]);
  });

  test('a group of the file is removed at that very moment: it is made again, and nobody loses their place in it', async () => {
    const { db } = office.house.app.database;
    await db
      .insertInto('people_group')
      .values({ id: 'going', name: 'Going', name_key: 'going', created_at: 0 })
      .execute();
    let bringing: Promise<Imported> | undefined;
    await db.transaction().execute(async (tx) => {
      await holdChain(tx, 'somebody', 0);
      bringing = office.bring('csv', 'email,groups\ngoing@example.org,Going');
      await pause(700);
      await tx.deleteFrom('people_group').where('id', '=', 'going').execute();
    });
    expect((await bringing)?.report).toMatchObject({ ok: true, accounts: 1 });
    const { count } = await db
      .selectFrom('group_member')
      .innerJoin('people_group', 'people_group.id', 'group_member.group_id')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('name', '=', 'Going')
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(1);
  });
});

describe('R55: a wrong password takes as long at an unknown address', () => {
  const kinds = [
    { like: 'one', count: 30 },
    { like: 'two', count: 10 },
  ];

  function fingerprint(first: number, second: number): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(Math.floor(first * 2 ** 32), 0);
    bytes.writeUInt32BE(Math.floor(second * 2 ** 32), 4);
    return bytes;
  }

  test('as large a share of them stands in for imported hashes, by the kinds that came', () => {
    const today = 'today';
    const all = [...kinds, { like: 'today$salt$digest', count: 120 }];
    expect(chooseFrom(all, today, fingerprint(0.2499, 0.749))).toBe('one');
    expect(chooseFrom(all, today, fingerprint(0.2499, 0.751))).toBe('two');
    expect(chooseFrom(all, today, fingerprint(0.2501, 0.1))).toBeNull();
    expect(chooseFrom(kinds, today, fingerprint(0.9999999, 0.9999999))).toBe('two');
    expect(chooseFrom(all.slice(2), today, fingerprint(0, 0))).toBeNull();
    expect(chooseFrom([], today, fingerprint(0, 0))).toBeNull();
  });

  let office: Imports | undefined;
  afterEach(() => office?.house.close());

  test('until everybody has signed in', async () => {
    office = await openImports('sqlite');
    const { house } = office;
    const { deps } = house.app;
    const hashed: (string | null)[] = [];
    const { verify } = deps.hasher;
    Object.assign(deps.hasher, {
      verify: (stored: string | null, password: string, standIn: string | null) => {
        hashed.push(stored ?? standIn);
        return verify(stored, password, standIn);
      },
    });
    const knockAt = async (email: string) => {
      hashed.length = 0;
      await house.browser().post('/sign-in', { email, password: `${PASSWORD}x` });
      return hashed[0];
    };
    expect(await knockAt('stranger@example.org')).toBeNull();
    await office.bring('csv', `email,password_hash\none@example.org,${BCRYPT}\ntwo@example.org,${BCRYPT}\n`);
    const likeness = `$import${BCRYPT.slice(0, -31)}${'.'.repeat(31)}`;
    expect(await knockAt('stranger@example.org')).toBe(likeness);
    expect(await knockAt('one@example.org')).toBe(`$import${BCRYPT}`);

    expect(await reaches(house, 'one@example.org')).toBe('/');
    await refreshSpread(deps);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => standInFor(deps, `s${index}@example.org`)),
    );
    const share = answers.filter((one) => one !== null).length / answers.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
    expect(answers.every((one) => one === null || one === likeness)).toBe(true);

    expect(await reaches(house, 'two@example.org')).toBe('/');
    expect(await countImportedHashes(deps.database.db)).toBe(0);
    await refreshSpread(deps);
    expect(await knockAt('stranger@example.org')).toBeNull();
  });
});
