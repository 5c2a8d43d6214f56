import type { Account } from '../../accounts/account.ts';
import { findDeletion } from '../../accounts/deletion-store.ts';
import { type Hold, listHolds } from '../../accounts/holds.ts';
import { findLiveRequest } from '../../accounts/recovery-request.ts';
import { findAccount, listAddresses } from '../../accounts/store.ts';
import { type AuditRecord, listEventsOf } from '../../audit/store.ts';
import type { Deps } from '../../deps.ts';
import { careOf, namedIn } from '../../factors/all.ts';
import type { FactorRow } from '../../factors/factor.ts';
import { codesLeft } from '../../factors/recovery-codes/store.ts';
import { listFactors } from '../../factors/store.ts';
import { type Group, listGroups, listGroupsOf } from '../../groups/store.ts';
import { Refusal } from '../../kit/refusal.ts';
import { demandOf } from '../../policy/demand.ts';
import { isAlive, type Session } from '../../sessions/session.ts';
import { listSessions } from '../../sessions/store.ts';
import type { IconName } from '../../web/icons.ts';
import type { Visit } from '../../web/visit.ts';
import type { Locale } from '../../words/locale.ts';
import type { Person } from '../people/person.ts';
import { listOpenInvitations } from '../people/store.ts';

const RECORDS = 10;

/** Everything that an administrator may know of one person: names of things, never a secret (R70). */
export interface Looked {
  readonly person: Account;
  readonly addresses: readonly { address: string; kind: 'primary' | 'recovery'; proven: boolean }[];
  readonly invitation: Person['invitation'];
  /** A rule or the role demands a second factor, and there is none: signing in leads to the enrolment. */
  readonly mustEnrol: boolean;
  readonly factors: readonly ShownFactor[];
  /** Null where there are none, since two-factor authentication is off. */
  readonly codesLeft: number | null;
  readonly sessions: readonly Session[];
  readonly holds: readonly Hold[];
  readonly groups: readonly Group[];
  /** To be added to. */
  readonly otherGroups: readonly Group[];
  /** When the account will be erased; null: nobody wants it to be. Epoch milliseconds. */
  readonly eraseAt: number | null;
  /** The open request for help; its id. */
  readonly request: string | null;
  readonly events: readonly AuditRecord[];
}

/** As the person's own page shows it: of a number the last two digits. */
export interface ShownFactor {
  readonly id: string;
  readonly label: string;
  /** "Authenticator app" */
  readonly name: string;
  readonly detail: string | null;
  readonly icon: IconName;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly suspended: boolean;
}

/** @throws {Refusal} not_found */
export async function lookAtPerson(deps: Deps, visit: Visit, id: string): Promise<Looked> {
  const { db } = deps.database;
  const { now, locale } = visit;
  const person = await findAccount(db, id);
  if (!person) throw new Refusal('not_found');
  const [factors, groups] = [await listFactors(db, id), await listGroupsOf(db, id)];
  const belongs = new Set(groups.map((group) => group.id));
  return {
    person,
    addresses: (await listAddresses(db, id)).map(({ address, kind, proven_at }) => ({
      address,
      kind,
      proven: proven_at !== null,
    })),
    invitation: await invitationOf(deps, person, now),
    mustEnrol: person.two_factor_at === null && (await demandOf(db, person, now)) !== null,
    factors: factors.map((factor) => shownFactor(deps, factor, locale)),
    codesLeft: (await codesLeft(db, id))?.left ?? null,
    sessions: (await listSessions(db, id)).filter((one) => isAlive(one, now, deps.config.lifetimes)),
    holds: await listHolds(db, person, now),
    groups,
    otherGroups: (await listGroups(db)).filter((group) => !belongs.has(group.id)),
    eraseAt: (await findDeletion(db, person))?.erase_at ?? null,
    request: (await findLiveRequest(db, person, now))?.id ?? null,
    events: await listEventsOf(db, person.pseudonym, { limit: RECORDS }),
  };
}

async function invitationOf(
  { database }: Deps,
  { id, password_hash }: Account,
  now: number,
): Promise<Person['invitation']> {
  if (password_hash !== null) return 'accepted';
  return (await listOpenInvitations(database.db, [id], now)).has(id) ? 'open' : 'expired';
}

function shownFactor(deps: Deps, factor: FactorRow, locale: Locale): ShownFactor {
  const care = careOf(factor.kind);
  return {
    id: factor.id,
    label: namedIn(locale, factor).label,
    name: care?.name(locale) ?? factor.kind,
    detail: care?.detail(deps, factor, locale) ?? null,
    icon: care?.icon ?? 'shield',
    createdAt: factor.created_at,
    lastUsedAt: factor.last_used_at,
    suspended: factor.suspended_at !== null,
  };
}
