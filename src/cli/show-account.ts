import { type Account, rolesOf } from '../accounts/account.ts';
import { findDeletion } from '../accounts/deletion-store.ts';
import { type Hold, listHolds } from '../accounts/holds.ts';
import { listAddresses } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { codesLeft } from '../factors/recovery-codes/store.ts';
import { listFactors } from '../factors/store.ts';
import { isAlive } from '../sessions/session.ts';
import { listSessions } from '../sessions/store.ts';

/** One line of `account list`. */
export function summaryOf(account: Account) {
  return {
    id: account.id,
    email: account.email,
    name: account.name,
    roles: rolesOf(account),
    two_factor: account.two_factor_at !== null,
    suspended: account.suspended_at !== null,
    created_at: account.created_at,
  };
}

/** What the operator may know of one person: names of things, never a secret (R70). Instants in epoch milliseconds. */
export async function detailsOf({ database, clock, config }: Deps, account: Account) {
  const { db } = database;
  const now = clock.now();
  const addresses = await listAddresses(db, account.id);
  const factors = await listFactors(db, account.id);
  const codes = await codesLeft(db, account.id);
  const sessions = await listSessions(db, account.id);
  return {
    ...summaryOf(account),
    password: account.password_hash !== null,
    addresses: addresses.map(({ address, kind, proven_at }) => ({
      address,
      kind,
      proven: proven_at !== null,
    })),
    factors: factors.map(({ kind, label, created_at, last_used_at, suspended_at }) => ({
      kind,
      label,
      created_at,
      last_used_at,
      suspended: suspended_at !== null,
    })),
    recovery_codes_left: codes?.left ?? 0,
    sessions: sessions.filter((session) => isAlive(session, now, config.lifetimes)).length,
    erase_at: (await findDeletion(db, account))?.erase_at ?? null,
    holds: await listHolds(db, account, now),
  };
}

export type Summary = ReturnType<typeof summaryOf>;
export type Details = Awaited<ReturnType<typeof detailsOf>>;

/** For people: address, name, and what is out of the ordinary. */
export function summaryLine({ email, name, roles, two_factor, suspended }: Summary): string {
  const marks = [...roles, two_factor ? '2FA on' : '2FA off', ...(suspended ? ['suspended'] : [])];
  return `${email}  ${name}  (${marks.join(', ')})`;
}

export function detailLines(details: Details): string[] {
  const at = (instant: number | null) => (instant === null ? 'never' : new Date(instant).toISOString());
  return [
    summaryLine(details),
    `  id              ${details.id}`,
    `  created         ${at(details.created_at)}`,
    ...details.addresses.map(
      ({ address, kind, proven }) =>
        `  address         ${address} (${kind}, ${proven ? 'proven' : 'not proven'})`,
    ),
    `  password        ${details.password ? 'set' : 'not chosen yet'}`,
    ...details.factors.map(
      ({ kind, label, last_used_at, suspended }) =>
        `  factor          ${kind} "${label}", last used ${at(last_used_at)}${suspended ? ', suspended' : ''}`,
    ),
    `  recovery codes  ${details.recovery_codes_left} left`,
    `  sessions        ${details.sessions}`,
    ...(details.erase_at === null ? [] : [`  to be erased    ${at(details.erase_at)}`]),
    ...details.holds.map((hold) => `  on hold         ${holdWords(hold)}`),
  ];
}

function holdWords({ on, from, until }: Hold): string {
  const what = { codes: 'one-time codes', password: 'the password', changes: 'security changes' }[on];
  const where = from === undefined || from === 'everywhere' ? '' : ` from one ${from}`;
  return `${what}${where}, ${until === null ? 'until they are opened again' : `until ${new Date(until).toISOString()}`}`;
}
