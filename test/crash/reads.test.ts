import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { planted, seesAccount, somebodyProtected } from '../kit/attack-kit.ts';
import { openHouse } from '../kit/house.ts';
import { enterPassword } from '../kit/people.ts';

test('R84: reads that cannot be ended end neither the process nor what comes after them', async () => {
  const house = await openHouse();
  const { exec } = DatabaseSync.prototype;
  try {
    const { browser } = await somebodyProtected(house);
    const { person } = await planted(house);
    let failed = 0;
    DatabaseSync.prototype.exec = function failing(text: string) {
      if (text === 'commit' && failed++ === 0) throw new Error('disk I/O error');
      exec.call(this, text);
    };
    await seesAccount(browser).catch(() => {});
    // The commit of a read comes in the next turn.
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(failed).toBeGreaterThan(0);
    expect(await seesAccount(browser)).toBe(true);
    expect((await enterPassword(house.browser(), person)).location).toBe('/sign-in/factor');
  } finally {
    DatabaseSync.prototype.exec = exec;
    await house.close();
  }
});
