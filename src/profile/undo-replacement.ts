import { keepAccount } from '../accounts/delete-account.ts';
import { claimLink, type Link, linkData } from '../accounts/link.ts';
import { changeSecurity, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { careOf } from '../factors/all.ts';
import { deleteFactor, insertFactor, listFactors, type NewFactor, preferFactor } from '../factors/store.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { endSessions } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';
import { undoLinksSince, voidUndoLinksSince } from './undo-store.ts';

/**
 * The former app takes its place again, with its counter where it stood, so that no code of it works twice (R10). The
 * one that replaced it goes, and so does whatever replaced that one since; of phones, of which an account has one, any
 * other. Every session ends. Where 2FA has been
 * turned off in the meantime, the link is dead: a mail neither turns it off nor on.
 * @throws {Refusal} link_invalid
 */
export async function undoReplacement(deps: Deps, visit: Visit, link: Link): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const account = link.account_id === null ? null : await lockAccount(tx, link.account_id);
    if (!account || account.two_factor_at === null) throw new Refusal('link_invalid');
    if (!(await claimLink(tx, link.id, visit.now))) throw new Refusal('link_invalid');
    const factors = await listFactors(tx, account.id);
    const old = formerFactor(link, account.id);
    if (!old || factors.some(({ id }) => id === old.id)) throw new Refusal('link_invalid');
    const gone = await successorsOf(tx, link);
    const single = careOf(old.kind)?.single ?? false;
    const going = factors.filter(
      ({ id, kind, suspended_at }) => gone.has(id) || (single && kind === old.kind && suspended_at === null),
    );
    await insertFactor(tx, old);
    for (const { id } of going) await deleteFactor(tx, account.id, id);
    if (!old.suspended_at && going.some(({ preferred }) => preferred === 1))
      await preferFactor(tx, account.id, old.id);
    await voidUndoLinksSince(tx, link);
    // Whoever replaced it may have gone on to leave in the owner's name.
    await changeSecurity(tx, await keepAccount(tx, deps, visit, account), {});
    await endSessions(tx, deps.outbox, account.id, null);
    await record(tx, visit, { event: 'factor.replace_undone', subject: account, method: old.kind });
    await notify(tx, deps, visit, account, { kind: 'replace_undone', method: old.kind, label: old.label });
  });
}

/** The row as it stood when it was replaced; its secret is still sealed, to this account and this id. */
function formerFactor(link: Link, accountId: string): NewFactor | null {
  const { id, kind, label, sealed_data, external_id, counter, created_at, suspended_at } = linkData(link);
  if (!id || !kind || label === undefined || !sealed_data || !counter || !created_at) return null;
  return {
    id,
    account_id: accountId,
    kind,
    label,
    sealed_data,
    external_id: external_id || null,
    counter: Number(counter),
    created_at: Number(created_at),
    suspended_at: suspended_at ? Number(suspended_at) : null,
  };
}

/** The factor that came in its place, and those that came in the place of that one. */
async function successorsOf(tx: Tx, link: Link): Promise<Set<string>> {
  const steps = (await undoLinksSince(tx, link)).map(linkData);
  const gone = new Set<string>();
  let next = linkData(link)['new_id'];
  while (next !== undefined && !gone.has(next)) {
    gone.add(next);
    next = steps.find(({ id }) => id === next)?.['new_id'];
  }
  return gone;
}
