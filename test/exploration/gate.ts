import { hashOf, type OwnEyes } from './rows.ts';
import type { Walker } from './walker.ts';
import {
  type B,
  BROWSERS,
  isProtected,
  mustHaveFactor,
  PEOPLE,
  proofOf,
  STEP_UP_MAX,
  steppedUp,
  type Who,
} from './world.ts';

/** What nobody may change without the level for it: as text, for each account. */
export type Protected = Readonly<Record<Who, string>>;

export function protectedRows({ eyes, people }: Pick<Walker, 'eyes' | 'people'>): Protected {
  const of = (who: Who) => {
    const { id } = people[who];
    return JSON.stringify([
      eyes.one(
        'select password_hash, two_factor_at, roles, email, suspended_at from account where id = ?',
        id,
      ),
      eyes.all('select id, kind, suspended_at from factor where account_id = ? order by id', id),
      eyes.all('select hash from recovery_code where used_at is null and account_id = ? order by hash', id),
      eyes.all('select address_key, proven_at from email_address where account_id = ? order by 1', id),
    ]);
  };
  return { ann: of('ann'), bob: of('bob') };
}

export function judgeChange(before: Protected, after: Protected, mayChange: Who | null): string[] {
  return PEOPLE.filter((who) => before[who] !== after[who] && who !== mayChange).map(
    (who) => `the security of ${who} was changed without the level for it`,
  );
}

/** The living session that a cookie names, read by SQL and by the rules of R52 as the walker understands them. */
export function sessionRow(eyes: OwnEyes, token: string | undefined, now: number) {
  if (token === undefined) return null;
  const row = eyes.one(
    `select session.account_id as id, acr, step_up_at, suspended_at from session
     join account on account.id = session.account_id
     where token_hash = ? and expires_at > ? and last_used_at > ?`,
    hashOf(token),
    now,
    now - 5 * 60 * 60_000,
  );
  return row?.['suspended_at'] === null ? row : null;
}

/** No session without what it takes, and none that says more of itself than was proven. */
export function judgeSessions(walker: Walker): string[] {
  const { eyes, world, people } = walker;
  const found: string[] = [];
  for (const b of BROWSERS) {
    const row = sessionRow(eyes, world.browsers[b].cookies['session'], world.now);
    if (!row) continue;
    const who = PEOPLE.find((one) => people[one].id === row['id']);
    const proof = proofOf(world, b, 'session');
    if (!who || !proof || proof.who !== who) {
      found.push(`${b} holds a session of ${who ?? 'somebody else'} without a proof`);
      continue;
    }
    const account = world.accounts[who];
    const needs = isProtected(account) || mustHaveFactor(who);
    if (needs && proof.factor === null && !proof.trusted)
      found.push(`${b} holds a session of ${who} that lacks the factor`);
    if (row['acr'] !== 'pwd' && proof.factor === null)
      found.push(`${b}'s session of ${who} says ${row['acr']} of one factor`);
    // What is not enrolled any more needs no proof.
    const factor = isProtected(account) ? proof.factor : null;
    const since = Math.min(proof.password, factor ?? proof.password);
    if (row['step_up_at'] !== null && Number(row['step_up_at']) > since)
      found.push(`${b}'s session of ${who} claims a younger step-up than was proven`);
    if (row['step_up_at'] !== null && isProtected(account) && proof.factor === null)
      found.push(`${b}'s session of ${who} claims a step-up without the factor`);
  }
  return found;
}

/** Pages of each level, and who may see them by what the walker knows. */
const PROBES: readonly { path: string; may(walker: Walker, b: B): boolean }[] = [
  { path: '/account', may: ({ world }, b) => proofOf(world, b, 'session') !== null },
  { path: '/account/security/disable', may: ({ world }, b) => steppedUp(world, b) !== null },
  {
    path: '/admin',
    may({ world }, b) {
      const proof = proofOf(world, b, 'session');
      return proof?.who === 'bob' && proof.factor !== null;
    },
  },
  {
    path: '/sign-in/factor',
    may: ({ world }, b) =>
      proofOf(world, b, 'pending') !== null &&
      world.now - (proofOf(world, b, 'pending')?.password ?? 0) <= STEP_UP_MAX,
  },
];

/** Asks for a page of every level, from both browsers; and with half a sign-in in the place of a whole one. */
export async function probe(walker: Walker): Promise<string[]> {
  const found: string[] = [];
  for (const b of BROWSERS) {
    const browser = walker.world.browsers[b];
    for (const { path, may } of PROBES) {
      const allowed = may(walker, b);
      const { status } = await walker.get(b, path);
      if (status === 200 && !allowed) found.push(`${b} sees ${path} below its level`);
    }
    const own = browser.cookies;
    for (const name of ['pending', 'enrolment'] as const) {
      if (own[name] === undefined) continue;
      browser.cookies = { session: own[name] };
      const { status } = await walker.get(b, '/account');
      if (status === 200) found.push(`${b}'s ${name} cookie opens /account as a session`);
    }
    browser.cookies = own;
  }
  return found;
}
