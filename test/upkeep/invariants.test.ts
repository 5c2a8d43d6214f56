import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findBroken, type Invariant, watchInvariants } from '../../src/upkeep/invariants.ts';
import { createUpkeep } from '../../src/upkeep/upkeep.ts';
import { readSamples, sampleOf, scrape } from '../kit/exposition.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, addProtectedPerson, appCode, enterPassword } from '../kit/people.ts';

const ALL: readonly Invariant[] = ['half_sessions', 'half_protected', 'unrecorded_codes'];

describe.each(ENGINES)('what must always hold, on %s', (engine) => {
  let house: House;
  let ann: Awaited<ReturnType<typeof addProtectedPerson>>;
  beforeEach(async () => {
    house = await openHouse({ engine, env: { METRICS_PORT: '9464' } });
    ann = await addProtectedPerson(house, { email: 'ann@example.org' });
  });
  afterEach(() => house.close());

  const look = async () => {
    const { database, clock } = house.app.deps;
    const found = await Promise.all(ALL.map((one) => findBroken(database.db, one, clock.now())));
    return Object.fromEntries(ALL.map((one, index) => [one, found[index]?.whose]));
  };
  const none = { half_sessions: [], half_protected: [], unrecorded_codes: [] };

  test('holds through all ways in: an app, a trusted browser, a recovery code, a password alone where that is enough', async () => {
    const bob = await addPerson(house, { email: 'bob@example.org' });
    await enterPassword(house.browser(), bob);
    const trusting = house.browser();
    await enterPassword(trusting, ann.person);
    house.clock.advance(30_000);
    await trusting.post('/sign-in/factor/totp', { code: appCode(house, ann.secret), trust: 'on' });
    await trusting.post('/sign-out');
    expect((await enterPassword(trusting, ann.person)).location).toBe('/');
    const away = house.browser();
    await enterPassword(away, ann.person);
    await away.post('/sign-in/factor/recovery-code', { code: ann.codes[0] as string });
    expect(await house.app.database.db.selectFrom('session').select('acr').execute()).toHaveLength(4);
    expect(await look()).toEqual(none);
  });

  test('R29: a session for which only the password stood is found until it has expired', async () => {
    const { db } = house.app.database;
    await db.updateTable('session').set({ acr: 'pwd', method: null }).execute();
    expect(await look()).toEqual({ ...none, half_sessions: ['ann@example.org'] });
    await db.updateTable('session').set({ expires_at: house.clock.now() }).execute();
    expect(await look()).toEqual(none);
  });

  test('R22: two-factor authentication that is on without a factor, or off with one', async () => {
    const { db } = house.app.database;
    await addProtectedPerson(house, { email: 'bob@example.org' });
    await db
      .updateTable('account')
      .set({ two_factor_at: null })
      .where('email', '=', 'bob@example.org')
      .execute();
    await db.deleteFrom('factor').where('account_id', '=', ann.person.id).execute();
    const { half_protected } = await look();
    expect(half_protected?.toSorted()).toEqual(['ann@example.org', 'bob@example.org']);
  });

  test('is looked at every hour, also where another step of the upkeep fails', async () => {
    const fails = () => Promise.reject(new Error('on purpose'));
    const upkeep = createUpkeep(house.app.deps, [fails]);
    upkeep.start();
    try {
      await vi.waitFor(() => expect([...house.app.deps.broken.keys()]).toEqual(ALL), 10_000);
    } finally {
      upkeep.stop();
    }
  });

  test('R72: a recovery code that nobody recorded is told of in the metrics', async () => {
    const { db } = house.app.database;
    await db
      .updateTable('recovery_code')
      .set({ used_at: house.clock.now() })
      .where('account_id', '=', ann.person.id)
      .where('number', '<', 6)
      .execute();
    await watchInvariants(house.app.deps);
    const found = readSamples(await (await scrape(house)).text());
    const broken = (invariant: Invariant) => sampleOf(found, 'countersign_invariants_broken', { invariant });
    expect(ALL.map(broken)).toEqual([0, 0, 5]);
    expect(await look()).toEqual({ ...none, unrecorded_codes: ['ann@example.org'] });
  });
});
