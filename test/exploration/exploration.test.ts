import { expect, test } from 'vitest';
import { completeSignIn } from '../../src/sessions/complete.ts';
import type { PendingWho } from '../../src/sessions/require.ts';
import { seeOther } from '../../src/web/answer.ts';
import type { Call, Route } from '../../src/web/route.ts';
import { enrolAnn, everything, forSequences } from './stories.ts';
import { walkAll, walkSequences } from './walk.ts';
import { Walker } from './walker.ts';

async function walking(walk: (walker: Walker) => Promise<void>, over?: 'http'): Promise<void> {
  const walker = await Walker.open(over);
  try {
    await walk(walker);
  } finally {
    await walker.close();
  }
}

/** The product's own route, to be spoilt: the router asks it on every request. */
function routeOf(walker: Walker, method: string, path: string) {
  const found = walker.house.app.routes.find((one) => one.method === method && one.path === path);
  if (!found) throw new Error(`there is no ${method} ${path}`);
  return found as { -readonly [K in keyof Route]: Route[K] };
}

test('R29/R31: one person, one browser: every state that can be reached has the factor that it takes', () =>
  walking(async (walker) => {
    const walked = await walkAll(walker, everything([0], ['ann']));
    expect(walked.complaints).toEqual([]);
    expect(walked.complete).toBe(true);
    expect(walked.states).toBeGreaterThan(10);
    expect([...walked.tried].filter(([, times]) => times === 0)).toEqual([]);
  }));

test('R29/R31: two browsers, two people, over HTTP: every sequence of two actions', () =>
  walking(async (walker) => {
    await enrolAnn(walker);
    const actions = forSequences();
    const walked = await walkSequences(walker, actions, 2);
    expect(walked.complaints).toEqual([]);
    expect(walked.complete).toBe(true);
    expect(walked.transitions).toBeGreaterThan(300);
  }, 'http'));

test('the walk finds a level that was lowered: switching 2FA off with an old sign-in', () =>
  walking(async (walker) => {
    routeOf(walker, 'POST', '/account/security/disable').level = routeOf(walker, 'GET', '/account').level;
    const { complaints } = await walkAll(walker, everything([0], ['ann']), { enough: 1 });
    expect(complaints[0]).toMatch(/the security of ann was changed without the level/);
  }));

test('the walk finds a page that was opened: what a step-up guards, shown without one', () =>
  walking(async (walker) => {
    routeOf(walker, 'GET', '/account/security/disable').level = routeOf(walker, 'GET', '/account').level;
    const { complaints } = await walkAll(walker, everything([0], ['ann']), { enough: 1 });
    expect(complaints[0]).toMatch(/sees \/account\/security\/disable below its level/);
  }));

test('the walk finds a session that is made of an answer that nobody looked at', () =>
  walking(async (walker) => {
    const { deps } = walker.house.app;
    routeOf(walker, 'POST', '/sign-in/factor/totp').handle = async (call) => {
      const { visit, who } = call as Call<PendingWho, never, never>;
      const answer = { amr: ['otp'], claim: async () => true };
      const method = { kind: 'totp', typed: true };
      const { pending, account } = who;
      const { cookies } = await deps.database.transaction((tx) =>
        completeSignIn(tx, deps, visit, account.id, { by: 'answer', pending, answer, method, trust: false }),
      );
      return seeOther('/', { cookies });
    };
    const { complaints } = await walkAll(walker, everything([0], ['ann']), { enough: 1 });
    expect(complaints[0]).toMatch(/holds a session of ann without a proof, after: .*(replayed|wrong)/);
  }));
