import type { Deps } from '../../deps.ts';
import { codesOf, type Draft } from '../draft.ts';
import { type HashedSet, hashCodes } from './store.ts';

// A set is ten hashes, and they wait where everybody's passwords do: whoever presses a button thirty times at once, or
// in thirty sessions, must not fill that queue for all others (R3).

/** By draft: whoever presses again meanwhile gets the same set, and one of them puts it in force. */
const underWay = new Map<string, Promise<HashedSet>>();
/** By account: its latest set, behind which the next one waits. */
const latest = new Map<string, Promise<unknown>>();

/** The recovery codes that a page showed, to be stored: of one account a set at a time. @throws {Refusal} busy */
export function hashInTurn(
  deps: Pick<Deps, 'hasher' | 'random'>,
  accountId: string,
  draft: Draft,
): Promise<HashedSet> {
  const begun = underWay.get(draft.id);
  if (begun) return begun;
  const before = latest.get(accountId) ?? Promise.resolve();
  const hashNow = () => hashCodes(deps, codesOf(draft));
  // Also where the one before was refused.
  const set = before.then(hashNow, hashNow);
  underWay.set(draft.id, set);
  latest.set(accountId, set);
  const done = () => {
    underWay.delete(draft.id);
    if (latest.get(accountId) === set) latest.delete(accountId);
  };
  set.then(done, done);
  return set;
}
