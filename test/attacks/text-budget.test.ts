import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockAccount } from '../../src/accounts/store.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/kit/clock.ts';
import { spendText, type TextSpend } from '../../src/throttle/text-budget.ts';
import { purge } from '../../src/upkeep/purge.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson } from '../kit/people.ts';

const CAP = 40;
const SUBJECT = 'Text messages have reached today’s limit';

describe.each(ENGINES)('R15: what text messages may cost, on %s', (engine) => {
  let house: House;
  let other: House;
  let people = 0;
  beforeAll(async () => {
    house = await openHouse({ engine, env: { SMS_DAILY_CAP: String(CAP) } });
    other = await house.twin();
  });
  afterAll(() => house.close());

  const somebody = async () => (await addPerson(house, { email: `p${++people}@example.org` })).id;
  const someNumber = () => `+3460000${String(++people).padStart(4, '0')}`;

  const spend = (accountId: string, number: string, at: House = house): Promise<TextSpend> => {
    const { deps } = at.app;
    return deps.database.transaction(async (tx) => {
      await lockAccount(tx, accountId);
      return spendText(tx, deps, { accountId, number, known: false }, deps.clock.now());
    });
  };
  const count = (results: readonly TextSpend[], kind: TextSpend['kind']) =>
    results.filter((one) => one.kind === kind).length;
  const tomorrow = () => house.clock.advance(DAY - (house.clock.now() % DAY) + HOUR);

  test('A28: a hundred at once from two processes: one message, and the others wait a minute', async () => {
    const account = await somebody();
    const number = someNumber();
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => spend(account, number, index % 2 ? house : other)),
    );
    expect(count(results, 'ok')).toBe(1);
    expect(results.filter(({ kind }) => kind === 'wait')).toEqual(
      Array.from({ length: 99 }, () => ({ kind: 'wait', ms: 60 * SECOND })),
    );
  });

  test('A28: a hundred accounts at once to one number: one message', async () => {
    const accounts = await Promise.all(Array.from({ length: 20 }, somebody));
    const number = someNumber();
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        spend(accounts[index % 20] as string, number, index % 2 ? house : other),
      ),
    );
    expect(count(results, 'ok')).toBe(1);
  });

  test('A28: an account with a hundred numbers gets one message too', async () => {
    const account = await somebody();
    const results = await Promise.all(Array.from({ length: 100 }, () => spend(account, someNumber())));
    expect(count(results, 'ok')).toBe(1);
  });

  test('A28: one each 61 seconds for an hour: five; for a day: ten; the next when the first is a day old', async () => {
    tomorrow();
    const account = await somebody();
    const number = someNumber();
    const begun = house.clock.now();
    let sent = 0;
    for (; house.clock.now() < begun + HOUR; house.clock.advance(61 * SECOND)) {
      const result = await spend(account, number);
      if (result.kind === 'ok') sent++;
      else expect(result.kind === 'wait' && result.ms).toBe(begun + HOUR - house.clock.now());
    }
    expect(sent).toBe(5);
    for (; house.clock.now() < begun + DAY; house.clock.advance(10 * MINUTE)) {
      if ((await spend(account, number)).kind === 'ok') sent++;
    }
    expect(sent).toBe(10);
    house.clock.advance(MINUTE);
    expect((await spend(account, number)).kind).toBe('ok');
  });

  test('what is rolled back is not counted', async () => {
    const account = await somebody();
    const number = someNumber();
    const { deps } = house.app;
    const failing = deps.database.transaction(async (tx) => {
      await spendText(tx, deps, { accountId: account, number, known: false }, deps.clock.now());
      throw new Error('no message');
    });
    await expect(failing).rejects.toThrow('no message');
    expect((await spend(account, number)).kind).toBe('ok');
  });

  test('A27: no number stands in the table, and upkeep keeps what still counts', async () => {
    const account = await somebody();
    const number = someNumber();
    await spend(account, number);
    const { deps } = house.app;
    await purge(deps);
    const rows = await deps.database.db
      .selectFrom('text_sent')
      .selectAll()
      .where('account_id', '=', account)
      .execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(number.slice(1));
    expect(JSON.stringify(rows)).not.toContain(number.slice(-9));
  });

  test('the cap of the day, over all accounts and processes: one mail to each administrator, one record', async () => {
    const boss = await addPerson(house, { email: 'boss@example.org', roles: 'admin' });
    const deputy = await addPerson(house, { email: 'deputy@example.org', roles: 'admin publisher' });
    const { db } = house.app.deps.database;
    await db.updateTable('account').set({ locale: 'es' }).where('id', '=', deputy.id).execute();
    tomorrow();
    const accounts = await Promise.all(Array.from({ length: CAP + 10 }, somebody));
    const results = await Promise.all(
      accounts.map((account, index) => spend(account, someNumber(), index % 2 ? house : other)),
    );
    expect([count(results, 'ok'), count(results, 'capped')]).toEqual([CAP, 10]);

    const told = async (to: string) => (await house.mails(to)).map(({ subject }) => subject);
    expect(await told(boss.email)).toEqual([SUBJECT]);
    expect(await told(deputy.email)).toEqual(['Los mensajes de texto han llegado al límite de hoy']);
    const [mail] = await house.mails(boss.email);
    expect(mail?.text).toContain(`has sent ${CAP} text messages today`);
    expect((await house.mails('p1@example.org')).length).toBe(0);
    const events = () =>
      db.selectFrom('audit_event').selectAll().where('event', '=', 'text.capped').execute();
    expect(await events()).toMatchObject([
      { actor: 'system', subject: null, detail: JSON.stringify({ cap: CAP }) },
    ]);

    // Tomorrow is another day, and told of again.
    tomorrow();
    const again = await Promise.all(accounts.map((account) => spend(account, someNumber())));
    expect([count(again, 'ok'), count(again, 'capped')]).toEqual([CAP, 10]);
    expect(await told(boss.email)).toEqual([SUBJECT, SUBJECT]);
    expect(await events()).toHaveLength(2);
  });
});
