import { describe, expect, test } from 'vitest';
import { type Budget, keepWorseBudgets } from '../../src/backup/counts-store.ts';
import { ENGINES } from '../kit/house.ts';
import { addPerson } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const NOTHING = { block: 0, run: 0, open: 0, reserved_at: null, holds: 0 } as const;
const NO_WAIT = { hold_until_at: null, closed_at: null, relieved_at: null } as const;

describe.each(ENGINES)('R82: what a restore keeps of wrong codes, on %s', (engine) => {
  const house = sharedHouse({ engine });

  async function keep(
    name: string,
    backup: Partial<Budget>,
    since: Partial<Budget>,
  ): Promise<Budget | undefined> {
    const { id: account_id } = await addPerson(house, { email: `${name}@example.org` });
    const { database } = house.app;
    const row = (more: Partial<Budget>): Budget => ({ account_id, ...NOTHING, ...NO_WAIT, ...more });
    await database.db.insertInto('guess_budget').values(row(backup)).execute();
    await database.transaction((tx) => keepWorseBudgets(tx, [row(since)]));
    return database.db
      .selectFrom('guess_budget')
      .selectAll()
      .where('account_id', '=', account_id)
      .executeTakeFirst();
  }

  test('codes that were closed for the month stay closed, though fewer were wrong in a row', async () => {
    expect(await keep('closed', { run: 30, holds: 3 }, { run: 2, closed_at: 500 })).toMatchObject({
      run: 30,
      holds: 3,
      closed_at: 500,
    });
  });

  test('a hold goes on, though there were more before the last success', async () => {
    expect(
      await keep(
        'held',
        { run: 30, holds: 3, hold_until_at: 100 },
        { run: 10, holds: 1, hold_until_at: 900 },
      ),
    ).toMatchObject({ run: 30, holds: 3, hold_until_at: 900 });
  });

  test('nothing of the backup is forgotten for what was better since', async () => {
    const before = { block: 4, run: 24, holds: 2, hold_until_at: 700, closed_at: 600, relieved_at: 50 };
    expect(await keep('better', before, { run: 1, block: 1 })).toMatchObject(before);
  });
});
