import type { Account } from '../../accounts/account.ts';
import { findDeletion } from '../../accounts/deletion-store.ts';
import { lockAccount } from '../../accounts/store.ts';
import { restoreAccount, suspendAccount } from '../../accounts/suspend.ts';
import { unlockAccount } from '../../accounts/unlock.ts';
import type { By } from '../../audit/by.ts';
import type { Tx } from '../../database/open.ts';
import type { Deps } from '../../deps.ts';
import { namedIn } from '../../factors/all.ts';
import { removeFactorOf } from '../../factors/remove-for-person.ts';
import { findFactor } from '../../factors/store.ts';
import { removeMember } from '../../groups/change-groups.ts';
import { findGroup, listGroupsOf } from '../../groups/store.ts';
import { Refusal } from '../../kit/refusal.ts';
import { endSessionOf, endSessionsOf } from '../../sessions/end-for-person.ts';
import { isAlive } from '../../sessions/session.ts';
import { listSessions } from '../../sessions/store.ts';
import type { Confirmation } from '../../web/confirmation.ts';
import type { Visit } from '../../web/visit.ts';
import type { NoticeCode } from '../../words/notices.en.ts';
import { idIn } from '../ids.ts';
import {
  askEndAll,
  askEndOne,
  askLeave,
  askRemove,
  askRestore,
  askSuspend,
  askUnlock,
  personPath,
} from './questions.ts';

export type Params = Readonly<Record<string, string>>;

/** Something that is done about a person after one question. */
export interface Deed {
  /** Below the person's page. */
  readonly path: string;
  /** Administrators never do it about themselves. */
  readonly others?: boolean;
  /** @throws {Refusal} not_found for what the path names and there is not */
  ask(visit: Visit, person: Account, params: Params): Promise<Confirmation>;
  /** -> where it leads instead, when it can't be done here. @throws {Refusal} */
  act(tx: Tx, by: By, id: string, params: Params, administrator: Account): Promise<string | null>;
  readonly done: NoticeCode;
}

export function deedsOf(deps: Deps): readonly Deed[] {
  return [...statusDeeds(deps), ...sessionDeeds(deps), removeFactorDeed(deps), leaveDeed(deps)];
}

async function liveSessions({ database, config }: Deps, { now }: Visit, accountId: string) {
  const all = await listSessions(database.db, accountId);
  return all.filter((session) => isAlive(session, now, config.lifetimes));
}

function statusDeeds(deps: Deps): Deed[] {
  return [
    {
      path: 'suspend',
      others: true,
      done: 'person_suspended',
      ask: async (visit, person) =>
        askSuspend(visit.locale, person, (await liveSessions(deps, visit, person.id)).length),
      async act(tx, by, id) {
        await suspendAccount(tx, deps, by, id);
        return null;
      },
    },
    {
      path: 'restore',
      others: true,
      done: 'person_restored',
      ask: async ({ locale }, person) =>
        askRestore(locale, person, (await findDeletion(deps.database.db, person)) !== null),
      async act(tx, by, id) {
        await restoreAccount(tx, deps, by, id);
        return null;
      },
    },
    {
      path: 'unlock',
      done: 'person_unlocked',
      ask: async ({ locale }, person) => askUnlock(locale, person),
      async act(tx, by, id) {
        await unlockAccount(tx, by, id);
        return null;
      },
    },
  ];
}

function sessionDeeds(deps: Deps): Deed[] {
  return [
    {
      path: 'sessions/end',
      done: 'person_sessions_ended',
      ask: async (visit, person) =>
        askEndAll(visit.locale, person, (await liveSessions(deps, visit, person.id)).length),
      async act(tx, by, id) {
        await endSessionsOf(tx, deps, by, id);
        return null;
      },
    },
    {
      path: 'sessions/:session/end',
      done: 'person_session_ended',
      async ask(visit, person, params) {
        const sessions = await liveSessions(deps, visit, person.id);
        const session = sessions.find(({ id }) => id === params['session']);
        if (!session) throw new Refusal('not_found');
        return askEndOne(visit.locale, person, session);
      },
      async act(tx, by, id, params) {
        await endSessionOf(tx, deps, by, { id, sessionId: idIn(params, 'session') });
        return null;
      },
    },
  ];
}

/** The only one that works leads to the reset, which says what that means and asks why. */
function removeFactorDeed(deps: Deps): Deed {
  return {
    path: 'factors/:factor/remove',
    others: true,
    done: 'person_factor_removed',
    async ask({ locale }, person, params) {
      const factor = await findFactor(deps.database.db, person.id, idIn(params, 'factor'));
      if (!factor) throw new Refusal('not_found');
      return askRemove(locale, person, namedIn(locale, factor));
    },
    async act(tx, by, id, params, { name: doneBy }) {
      const factorId = idIn(params, 'factor');
      const removed = await removeFactorOf(tx, deps, by, { id, factorId, doneBy });
      return removed === 'last' ? `${personPath({ id })}/reset-two-factor` : null;
    },
  };
}

function leaveDeed(deps: Deps): Deed {
  return {
    path: 'groups/:group/remove',
    done: 'person_left',
    async ask({ locale }, person, params) {
      const groups = await listGroupsOf(deps.database.db, person.id);
      const group = groups.find(({ id }) => id === params['group']);
      if (!group) throw new Refusal('not_found');
      return askLeave(locale, person, group);
    },
    async act(tx, by, id, params) {
      const group = await findGroup(tx, idIn(params, 'group'));
      const person = await lockAccount(tx, id);
      if (!group || !person || !(await removeMember(tx, by, group, person))) throw new Refusal('not_found');
      return null;
    },
  };
}
