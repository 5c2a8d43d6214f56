import { expect, test } from 'vitest';
import { lockAccount, lockAdministrators } from '../../src/accounts/store.ts';
import { putChallenge } from '../../src/factors/challenge.ts';
import { program } from '../kit/api-kit.ts';
import { somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { openHouse } from '../kit/house.ts';
import { codeFor, someNumber } from '../kit/phones.ts';

// Two that take the same rows in two orders wait for each other until PostgreSQL ends one of them, a second later.

test('R15: a confirmation and a new message at once do not wait for each other, on postgres', async () => {
  const house = await openHouse({ engine: 'postgres' });
  try {
    const { person, browser } = await somebodyProtected(house);
    const number = someNumber();
    await browser.submit('/account/security/sms', { phone: number });
    const code = await codeFor(house, number);
    const { deps, database } = house.app;
    const session = await database.db
      .selectFrom('session')
      .select('id')
      .where('account_id', '=', person.id)
      .executeTakeFirstOrThrow();
    const owner = { accountId: person.id, holderId: session.id, purpose: 'enrol' } as const;
    let confirming: Promise<unknown> = Promise.resolve();
    let waited = 0;
    // What sending does, in its order: the account, and then the question.
    await database.db.transaction().execute(async (tx) => {
      await lockAccount(tx, person.id);
      confirming = browser.post('/account/security/sms/confirm', { code });
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = performance.now();
      await putChallenge(tx, deps, owner, 'sms', { number }, 300_000);
      waited = performance.now() - before;
    });
    await confirming;
    expect(waited).toBeLessThan(400);
  } finally {
    await house.close();
  }
});

test('R41: switching off and signing in at once do not wait for each other, on postgres', async () => {
  const house = await openHouse({ engine: 'postgres' });
  try {
    const { person, browser } = await somebodyProtected(house);
    const { db } = house.app.database;
    const soon = () => new Promise((resolve) => setTimeout(resolve, 250));
    let disabling: Promise<unknown> = Promise.resolve();
    let signingIn: Promise<unknown> = Promise.resolve();
    await db.transaction().execute(async (first) => {
      // Holds it where it has hashed, until the other one is on its way too.
      await lockAccount(first, person.id);
      disabling = browser.post('/account/security/disable', { password: person.password });
      await soon();
      signingIn = db.transaction().execute(async (second) => {
        // What signing in does, in its order: the brakes, and then the account.
        await second
          .updateTable('throttle')
          .set({ blocked_until_at: null })
          .where('key', 'like', `password/${person.id}/%`)
          .execute();
        await soon();
        await lockAccount(second, person.id);
      });
      await soon();
    });
    const before = performance.now();
    await Promise.all([disabling, signingIn]);
    expect(performance.now() - before).toBeLessThan(700);
  } finally {
    await house.close();
  }
});

test('R41: switching off and a code for a step-up at once do not wait for each other, on postgres', async () => {
  const house = await openHouse({ engine: 'postgres' });
  try {
    const { person, browser } = await somebodyProtected(house);
    const { db } = house.app.database;
    let disabling: Promise<unknown> = Promise.resolve();
    let waited = 0;
    // What a step-up does, in its order: the budget, and then the factor.
    await db.transaction().execute(async (tx) => {
      await tx.updateTable('guess_budget').set({ holds: 0 }).where('account_id', '=', person.id).execute();
      disabling = browser.post('/account/security/disable', { password: person.password });
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = performance.now();
      await tx.updateTable('factor').set({ preferred: 0 }).where('account_id', '=', person.id).execute();
      waited = performance.now() - before;
    });
    await disabling;
    expect(waited).toBeLessThan(400);
  } finally {
    await house.close();
  }
});

test('R70: an administrator and a program that act about one person do not wait for each other, on postgres', async () => {
  const house = await openHouse({ engine: 'postgres' });
  try {
    await somebody(house, { roles: 'admin' });
    const { id } = await somebody(house);
    const client = await program(house, ['accounts:write']);
    let suspending: Promise<{ readonly status: number }> | undefined;
    let waited = 0;
    // What the Dashboard does, in its order: administrators, and then the person.
    await house.app.database.db.transaction().execute(async (tx) => {
      await lockAdministrators(tx);
      suspending = client.call('changeAccount', { params: { account_id: id }, body: { suspended: true } });
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = performance.now();
      await lockAccount(tx, id);
      waited = performance.now() - before;
    });
    expect((await suspending)?.status).toBe(200);
    expect(waited).toBeLessThan(400);
  } finally {
    await house.close();
  }
});
