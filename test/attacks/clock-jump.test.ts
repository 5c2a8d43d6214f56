import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { systemRandom } from '../../src/kit/random.ts';
import { watchClock } from '../../src/upkeep/clock-watch.ts';
import { answerRecovery, answerTotp, HOUR, halfSignedIn, planted, SECOND } from '../kit/attack-kit.ts';
import { ManualClock } from '../kit/clock.ts';
import { type House, openHouse } from '../kit/house.ts';
import { appCode } from '../kit/people.ts';
import { createDatabase } from '../kit/postgres.ts';

const KEYS = JSON.stringify({
  active: 'a',
  keys: { a: Buffer.from(systemRandom.bytes(32)).toString('base64') },
});

let database: Awaited<ReturnType<typeof createDatabase>>;
/** On one PostgreSQL, whose clock is this machine's. */
let right: House;
let behind: House;
let ahead: House;
beforeAll(async () => {
  database = await createDatabase(inject('postgresUrl'));
  const open = (offset: number) =>
    openHouse({ clock: new ManualClock(Date.now() + offset), env: { DATABASE_URL: database.url, KEYS } });
  right = await open(0);
  behind = await open(0);
  ahead = await open(0);
});
afterAll(async () => {
  for (const house of [behind, ahead, right]) await house.close();
  await database.drop();
});

/** The database's clock goes on while a test runs. */
const setRight = ({ clock }: House) => clock.advance(Date.now() - clock.now());

/** True where this code, typed there by somebody who knows the password, lets them in. */
async function enters(
  house: House,
  who: Awaited<ReturnType<typeof planted>>,
  code: string,
): Promise<boolean> {
  const half = await halfSignedIn(house, who.person);
  return (await answerTotp(half, code)).location === '/';
}

test('A62: a clock an hour behind and one an hour ahead, not noticed yet: no code is accepted twice', async () => {
  const ann = await planted(right);
  const code = appCode(right, ann.secret);
  expect(await enters(right, ann, code)).toBe(true);
  behind.clock.advance(-HOUR);
  ahead.clock.advance(HOUR);
  const past = appCode(behind, ann.secret);
  const future = appCode(ahead, ann.secret);
  // What was spent here is spent there; what is older than the newest is dead everywhere.
  for (const house of [right, behind, ahead]) expect(await enters(house, ann, code)).toBe(false);
  expect(await enters(behind, ann, past)).toBe(false);
  expect(await enters(ahead, ann, future)).toBe(true);
  for (const house of [ahead, right, behind]) expect(await enters(house, ann, future)).toBe(false);
  // And back: an hour later at the one that was right, that code's time comes.
  right.clock.advance(HOUR);
  expect(await enters(right, ann, future)).toBe(false);
  right.clock.advance(30 * SECOND);
  expect(await enters(right, ann, appCode(right, ann.secret))).toBe(true);
  right.clock.advance(-HOUR - 30 * SECOND);
});

test('A62/R9: once noticed, a skewed instance raises the alarm and refuses app codes with 503; the others serve', async () => {
  for (const skewed of [behind, ahead]) {
    const alarm = vi.spyOn(skewed.app.deps.log, 'error');
    expect(Math.abs((await watchClock(skewed.app.deps)) ?? 0)).toBeGreaterThan(HOUR / 2);
    expect(alarm).toHaveBeenCalledWith(
      expect.objectContaining({ offsetMs: expect.any(Number) }),
      expect.stringContaining('the clock of this machine is off'),
    );
    alarm.mockRestore();
    const { person, secret, codes } = await planted(right);
    for (const code of [appCode(right, secret), appCode(skewed, secret), '000000']) {
      const answer = await answerTotp(await halfSignedIn(skewed, person), code);
      expect([answer.status, Number(answer.headers['retry-after']) > 0]).toEqual([503, true]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    // What does not depend on the time goes on; and no guess was taken by a refusal.
    const byCode = await answerRecovery(await halfSignedIn(skewed, person), codes[0] as string);
    expect(byCode.location).toBe('/');
    setRight(right);
    expect(await watchClock(right.app.deps)).not.toBeNull();
    expect((await answerTotp(await halfSignedIn(right, person), appCode(right, secret))).location).toBe('/');
  }
});

test('A62: a clock that was set right again serves after the next look', async () => {
  setRight(behind);
  await watchClock(behind.app.deps);
  const { person, secret } = await planted(behind);
  expect((await answerTotp(await halfSignedIn(behind, person), appCode(behind, secret))).location).toBe('/');
});
