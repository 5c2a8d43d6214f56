import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createReminders } from '../../src/upkeep/reminders.ts';
import { DAY, HOUR, MINUTE, planted, somebody } from '../kit/attack-kit.ts';
import { ENGINES, exceptSignIns, type House, openHouse } from '../kit/house.ts';
import { enableApp, enterPassword } from '../kit/people.ts';
import { join, makeOptional, newGroup, require2fa, setValue } from '../kit/rules-kit.ts';

const REQUIRED = 'Two-factor authentication is required';

describe.each(ENGINES)('reminders of a rule, on %s', (engine) => {
  let house: House;
  let reminders: ReturnType<typeof createReminders>;
  beforeEach(async () => {
    house = await openHouse({ engine });
    reminders = createReminders(house.app.deps);
  });
  afterEach(() => house.close());

  const now = () => house.clock.now();
  const sentTo = async (email?: string) =>
    exceptSignIns(await house.mails(email))
      .map(({ subject }) => subject)
      .filter((subject) => subject.startsWith(REQUIRED))
      .toReversed();

  /** As upkeep does it: again while the outbox is full. */
  async function remind(by = reminders) {
    for (;;) {
      const round = await by.round();
      await house.app.deps.outbox.flush();
      if (round === 'done') return;
    }
  }

  /** Through the days until that one before the rule, looking every six hours. */
  async function liveUntil(instant: number) {
    while (now() < instant) {
      house.clock.advance(Math.min(6 * HOUR, instant - now()));
      await remind();
    }
  }

  test('fourteen, three, one and no days before, each once, and none to who has a factor', async () => {
    const ann = await somebody(house, { name: 'Ann' });
    const safe = await planted(house);
    const boss = await somebody(house, { roles: 'admin' });
    const from = now() + 20 * DAY;
    await require2fa(house, from);
    await remind();
    await liveUntil(from - 14 * DAY - 1);
    expect(await sentTo()).toEqual([]);
    const counts: number[] = [];
    for (const days of [14, 3, 1, 0, -1]) {
      await liveUntil(from - days * DAY);
      counts.push((await sentTo(ann.email)).length);
    }
    expect(counts).toEqual([1, 2, 3, 4, 4]);
    await liveUntil(from + 3 * DAY);
    const before = 'Two-factor authentication is required from 23 May 2026';
    expect(await sentTo(ann.email)).toEqual([before, before, before, before]);
    expect(await sentTo(safe.person.email)).toEqual([]);
    // Whom the role demands it of, no rule stops.
    expect(await sentTo(boss.email)).toEqual([]);
    const mail = (await house.mails(ann.email)).findLast(({ subject }) => subject === before);
    expect(mail?.text).toContain('takes two steps from 23 May 2026, 10:00 (UTC) on');
    expect(mail?.text).toContain('http://localhost:3000/account/security');
  });

  test('a rule that is made five days ahead: one mail at once, then three, one and no days before', async () => {
    const ann = await somebody(house);
    const from = now() + 5 * DAY;
    await require2fa(house, from);
    await remind();
    expect(await sentTo(ann.email)).toHaveLength(1);
    await liveUntil(from - 3 * DAY - 1);
    expect(await sentTo(ann.email)).toHaveLength(1);
    await liveUntil(from + 2 * DAY);
    expect(await sentTo(ann.email)).toHaveLength(4);
  });

  test('a rule that holds at once is told of at once, and once', async () => {
    const ann = await somebody(house);
    await require2fa(house);
    await remind();
    await liveUntil(now() + 2 * DAY);
    expect(await sentTo(ann.email)).toEqual([`${REQUIRED} from 3 May 2026`]);
  });

  test('nobody looked for days: of what was missed only the last is sent', async () => {
    const ann = await somebody(house);
    const from = now() + 30 * DAY;
    await require2fa(house, from);
    house.clock.advance(29.5 * DAY);
    await remind();
    await remind();
    expect(await sentTo(ann.email)).toHaveLength(1);
    house.clock.advance(30 * DAY);
    await remind();
    expect(await sentTo(ann.email)).toHaveLength(1);
  });

  test('who turns it on meanwhile gets no more, who is suspended or has not come yet gets none', async () => {
    const ann = await somebody(house);
    const bob = await somebody(house);
    const cem = await somebody(house);
    const { db } = house.app.database;
    await db.updateTable('account').set({ suspended_at: 1 }).where('id', '=', bob.id).execute();
    await db.updateTable('account').set({ password_hash: null }).where('id', '=', cem.id).execute();
    const from = now() + 10 * DAY;
    await require2fa(house, from);
    await remind();
    expect(await sentTo()).toHaveLength(1);
    const browser = house.browser();
    await enterPassword(browser, ann);
    await enableApp(house, browser);
    await liveUntil(from + DAY);
    expect(await sentTo()).toHaveLength(1);
  });

  test('moving the date starts anew; lifting the rule ends it', async () => {
    const ann = await somebody(house);
    await require2fa(house, now() + 2 * DAY);
    await remind();
    expect(await sentTo(ann.email)).toHaveLength(1);
    await require2fa(house, now() + 10 * DAY);
    await remind();
    await remind();
    expect(await sentTo(ann.email)).toEqual([
      'Two-factor authentication is required from 5 May 2026',
      'Two-factor authentication is required from 13 May 2026',
    ]);
    await makeOptional(house);
    await liveUntil(now() + 12 * DAY);
    expect(await sentTo(ann.email)).toHaveLength(2);
    const left = await house.app.database.db.selectFrom('reminder_sent').selectAll().execute();
    expect(left).toEqual([]);
  });

  test('a group’s rule reaches its people, who joins is told within the hour; two rules send the mails of the first', async () => {
    const ann = await somebody(house);
    const bob = await somebody(house);
    const group = await newGroup(house, 'Accounting', [ann]);
    await require2fa(house, now() + 5 * DAY, group);
    await remind();
    expect([await sentTo(ann.email), await sentTo(bob.email)].map(({ length }) => length)).toEqual([1, 0]);
    await join(house, group, bob);
    house.clock.advance(HOUR);
    await remind();
    expect(await sentTo(bob.email)).toEqual(['Two-factor authentication is required from 8 May 2026']);
    await require2fa(house, now() + 9 * DAY);
    const cem = await somebody(house);
    await remind();
    expect(await sentTo(ann.email)).toHaveLength(1);
    expect(await sentTo(cem.email)).toEqual(['Two-factor authentication is required from 12 May 2026']);
  });

  test('in the person’s language and zone', async () => {
    const ann = await somebody(house);
    const change = { locale: 'es', time_zone: 'America/Los_Angeles' };
    await house.app.database.db.updateTable('account').set(change).where('id', '=', ann.id).execute();
    await require2fa(house, Date.UTC(2026, 4, 10, 2));
    await remind();
    const [mail] = await house.mails(ann.email);
    expect(mail?.subject).toBe('La autenticación en dos pasos es obligatoria a partir del 9 de mayo de 2026');
    expect(mail?.text).toContain('19:00 (America/Los_Angeles, GMT-7)');
  });

  test('not where administrators have turned them off', async () => {
    await somebody(house);
    await setValue(house, 'reminders', 'off');
    await require2fa(house, now() + 5 * DAY);
    await remind();
    expect(await sentTo()).toEqual([]);
    await setValue(house, 'reminders', 'on');
    await remind();
    expect(await sentTo()).toHaveLength(1);
  });

  test('of many people few are in the outbox at once, so that other mails get through; each gets one', async () => {
    const people = 230;
    const { database, random } = house.app.deps;
    await database.transaction(async (tx) => {
      for (let n = 0; n < people; n++) {
        const id = random.bytes(16).toString('hex');
        const person = { id, pseudonym: id, email: `n${n}@example.org`, name: `N ${n}`, created_at: 0 };
        const none = { locale: null, time_zone: null, suspended_at: null, frozen_until_at: null };
        const row = { ...person, ...none, roles: '', password_hash: 'x', two_factor_at: null };
        await tx.insertInto('account').values(row).execute();
      }
    });
    await require2fa(house, now() + 5 * DAY);
    const waiting = async () => {
      const query = database.db.selectFrom('outbox').select('id').where('sent_at', 'is', null);
      return (await query.execute()).length;
    };
    const seen: number[] = [];
    for (let round = 'full'; round === 'full'; ) {
      round = await reminders.round();
      seen.push(await waiting());
      await house.app.deps.outbox.flush();
    }
    expect(Math.max(...seen)).toBeLessThanOrEqual(100);
    expect(seen.reduce((sum, count) => sum + count, 0)).toBe(people);
    const sent = await sentTo();
    expect(sent).toHaveLength(people);
    expect(new Set((await house.mails()).map(({ to }) => to)).size).toBe(people);
  });

  test('two instances and a crash between them: still one mail each', async () => {
    const twin = await house.twin();
    const other = createReminders(twin.app.deps);
    const people = [];
    for (let n = 0; n < 6; n++) people.push(await somebody(house));
    await require2fa(house, now() + 5 * DAY);
    // Both at once: one has the lease; whoever gets past it finds the row there.
    await Promise.all([reminders.round(), other.round()]);
    // The first one dies; its lease runs out, and what it had told stands in the database.
    house.clock.advance(2 * MINUTE);
    await Promise.all([other.round(), createReminders(house.app.deps).round()]);
    await remind(createReminders(twin.app.deps));
    for (const { email } of people) expect(await sentTo(email)).toHaveLength(1);
  });

  test('a lease that another process holds is respected, and taken over once it has run out', async () => {
    const ann = await somebody(house);
    const theirs = { name: 'reminders', holder: 'somebody else', until_at: now() + MINUTE };
    await house.app.database.db.insertInto('lease').values(theirs).execute();
    await require2fa(house, now() + 5 * DAY);
    await remind();
    expect(await sentTo(ann.email)).toEqual([]);
    house.clock.advance(MINUTE);
    await remind();
    expect(await sentTo(ann.email)).toHaveLength(1);
  });
});
