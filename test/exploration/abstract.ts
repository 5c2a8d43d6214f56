import { sessionRow } from './gate.ts';
import { hashOf } from './rows.ts';
import type { Walker } from './walker.ts';
import { type B, PEOPLE, STEP_UP_MAX, type Who } from './world.ts';

/**
 * What of a state decides what can happen next, without what differs in every run: who is where, at which level, with
 * which factors. Two states of one name are taken for one. Read by SQL.
 */
export function nameOf(walker: Walker): string {
  const browsers = [browserName(walker, 0), browserName(walker, 1)].sort();
  return [...PEOPLE.map((who) => accountName(walker, who)), ...browsers].join(' | ');
}

function accountName({ eyes, people }: Walker, who: Who): string {
  const { id } = people[who];
  const account = eyes.one('select two_factor_at from account where id = ?', id);
  const kinds = eyes.all('select kind from factor where account_id = ? order by kind', id);
  return [who, account?.['two_factor_at'] === null ? 'off' : 'on', ...kinds.map(({ kind }) => kind)].join(
    ' ',
  );
}

function browserName(walker: Walker, b: B): string {
  const { eyes, people, world } = walker;
  const { cookies, draft, trust } = world.browsers[b];
  const { now } = world;
  const name = (id: unknown) => PEOPLE.find((who) => people[who].id === id) ?? 'other';
  const parts: string[] = [];
  const session = sessionRow(eyes, cookies['session'], now);
  if (session) {
    const since = session['step_up_at'];
    const fresh = since !== null && now - Number(since) <= STEP_UP_MAX;
    const half = eyes.one(
      `select 1 from step_up join session on session.id = session_id where token_hash = ? and password_at > ?`,
      hashOf(cookies['session'] as string),
      now - STEP_UP_MAX,
    );
    // Who is fresh gains nothing by confirming once more.
    parts.push(`${name(session['id'])} ${session['acr']} ${fresh ? 'fresh' : half ? 'confirming' : 'stale'}`);
  }
  const pending = eyes.one(
    `select account_id as id, account.security_version = pending_sign_in.security_version as same
     from pending_sign_in join account on account.id = account_id
     where token_hash = ? and consumed_at is null and expires_at > ?`,
    hashOf(cookies['pending'] ?? ''),
    now,
  );
  if (pending?.['same']) parts.push(`half ${name(pending['id'])}`);
  const pass = eyes.one(
    `select account_id as id, proven_at from enrolment_pass
     where token_hash = ? and consumed_at is null and expires_at > ?`,
    hashOf(cookies['enrolment'] ?? ''),
    now,
  );
  if (pass) parts.push(`pass ${name(pass['id'])}${pass['proven_at'] === null ? '' : ' proven'}`);
  if (draft && [cookies['session'], cookies['enrolment']].includes(draft.holder) && (session || pass))
    parts.push(now < draft.at + 10 * 60_000 ? 'draft' : '');
  for (const who of PEOPLE) if (trust[who] === world.accounts[who].epoch) parts.push(`trusted ${who}`);
  return `${parts.filter(Boolean).join(', ') || 'nobody'}`;
}
