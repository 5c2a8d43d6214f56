import { expect, test } from 'vitest';
import { findAccount } from '../../src/accounts/store.ts';
import { activityData } from '../../src/audit/activity-data.ts';
import { openHouse } from '../kit/house.ts';
import { addPerson } from '../kit/people.ts';
import { somebodyWaits } from '../kit/turns.ts';

test('while the records of somebody who signs in by a script are gathered, others have their turn', async () => {
  const house = await openHouse();
  try {
    const { db } = house.app.database;
    const person = await findAccount(db, (await addPerson(house)).id);
    const event = { at: 0, event: 'sign_in.completed', outcome: 'success' as const, detail: '{}' };
    const rows = Array.from({ length: 1_200 }, () => ({ ...event, subject: person!.pseudonym }));
    await db.insertInto('audit_event').values(rows).execute();
    const turns = somebodyWaits();
    const all: unknown[] = [];
    for await (const page of activityData.pages(house.app.deps, person!)) all.push(...page);
    expect(all.length).toBeGreaterThanOrEqual(1_200);
    expect(turns()).toBe(1);
  } finally {
    await house.close();
  }
});
