import { describe, expect, test } from 'vitest';
import { HOUR, recordsOf, somebodyProtected } from '../kit/attack-kit.ts';
import { ENGINES, exceptSignIns } from '../kit/house.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { STORIES, type Story, stateOf } from './anomaly-stories.ts';
import { failingAt, watchHashes, watchStores } from './faults.ts';

/** A story has fewer calls than this. */
const MOST = 200;

describe.each(ENGINES)('what if this very call fails, on %s', (engine) => {
  const house = sharedHouse({ engine });

  /** As it is before and after, when nothing fails. */
  async function undisturbed(story: Story): Promise<{ before: string; after: string }> {
    const { person, act } = await story.prepare(house);
    const before = await stateOf(house, person);
    const page = await act();
    if (!story.done(page)) throw new Error(`${story.name}: ${page.status} ${page.location}`);
    const after = await stateOf(house, person);
    expect(after).not.toBe(before);
    return { before, after };
  }

  async function failEach(story: Story, watch: () => () => void): Promise<number> {
    const { before, after } = await undisturbed(story);
    for (let n = 1; n < MOST; n++) {
      const { person, browser, act } = await story.prepare(house);
      const session = browser.cookies.get('session');
      const stop = watch();
      const { done: page, failed } = await failingAt(n, act).finally(stop);
      const state = await stateOf(house, person);
      const what = `${story.name}, call ${n}: ${page.status} ${page.location}`;
      if (!failed) {
        expect(story.done(page), what).toBe(true);
        return n - 1;
      }
      if (story.done(page)) {
        // It failed where that may be: what was told is whole.
        expect(state, what).toBe(after);
        continue;
      }
      expect(page.status, what).toBeGreaterThanOrEqual(500);
      expect([before, after], what).toContain(state);
      // Whoever is told that it failed has got no session by it.
      if (browser.cookies.get('session') !== session) expect.fail(`${what}: a session came of it`);
      // The number for support and the nonces may hold any of it by chance.
      const told = page.body.replace(/\b[0-9a-f]{32}\b|nonce="[^"]*"/g, '');
      expect(told).not.toMatch(/disk|full|53100/i);
    }
    throw new Error(`${story.name} has no end`);
  }

  test.each(STORIES)('R60/R72: the n-th call of the database: $name', async (story) => {
    expect(await failEach(story, watchStores)).toBeGreaterThan(5);
  });

  test.each(STORIES.filter(({ name }) => !/app|on$/.test(name)))(
    'R60: the n-th hash: $name',
    async (story) => {
      expect(await failEach(story, () => watchHashes(house))).toBeGreaterThan(0);
    },
  );

  test('R74: the n-th call while a mail is delivered: it arrives all the same', async () => {
    for (let n = 1; n < MOST; n++) {
      const { person, browser } = await somebodyProtected(house);
      await house.mails();
      await browser.post('/account/security/disable', { password: person.password });
      const stop = watchStores();
      const { failed } = await failingAt(n, () => house.app.deps.outbox.flush().catch(() => {})).finally(
        stop,
      );
      house.clock.advance(HOUR);
      const mails = exceptSignIns(await house.mails(person.email));
      expect(mails.length, `call ${n}`).toBeGreaterThanOrEqual(1);
      // Once more at most, where it was delivered and could not be noted.
      expect(mails.length, `call ${n}`).toBeLessThanOrEqual(2);
      expect(await recordsOf(house, person, 'two_factor.disabled')).toHaveLength(1);
      if (!failed) return;
    }
    throw new Error('a delivery has no end');
  });
});
