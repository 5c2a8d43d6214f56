import { WAY_BACK } from '../accounts/delete-account.ts';
import { changeSecurity } from '../accounts/store.ts';
import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import type { Load } from '../database/load.ts';
import type { Tx } from '../database/open.ts';
import { noteRestored } from '../database/restored-at.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { SECOND } from '../kit/clock.ts';
import { carryCounts, spendCounters } from './carry-over.ts';
import type { Replaced } from './replaced.ts';
import { restoredLetter } from './restored-letter.ts';
import {
  cancelRequests,
  type Holder,
  nextAccounts,
  postponeErasures,
  voidRecoveryCodes,
  withCodes,
} from './store.ts';

export interface Fenced {
  /** Accounts whose recovery codes are void. */
  readonly lost_codes: number;
  readonly mails: number;
  /** Accounts that were suspended or erased since the backup, and are suspended therefore. */
  readonly suspended: number;
}

/** Of mails that somebody waits for, none may stand behind a hundred thousand of these. */
const MAILS_A_SECOND = 5;
const AT_ONCE = 200;

/**
 * What nobody can know any more counts as spent (R82). Sessions, sign-ins under way, links, tokens and queued mails are not
 * in a backup in the first place (`database/backup-tables.ts`); what is in it and could count twice is dealt with here:
 * codes of apps up to now, recovery codes, open requests for help, erasures that are due. Budgets and waits stay as they
 * were, or as they are in the database that goes: a restore refills nothing.
 */
export async function setFence(
  load: Load,
  { config, outbox }: Pick<Deps, 'config'> & { readonly outbox: Outbox },
  {
    now,
    madeAt,
    replaced,
  }: { readonly now: number; readonly madeAt: number; readonly replaced: Replaced | null },
): Promise<Fenced> {
  const fenced = { lost_codes: 0, mails: 0, suspended: 0 };
  for (let after = ''; ; ) {
    const found = await load.run((tx) => nextAccounts(tx, after, AT_ONCE));
    const last = found.at(-1);
    if (!last) break;
    after = last.id;
    await load.run(async (tx) => {
      const shut = found.filter((account) => replaced && isShutSince(account, replaced));
      for (const account of shut) await suspend(tx, account, now);
      fenced.suspended += shut.length;
      const accounts = found.map((one) => (shut.includes(one) ? { ...one, suspended_at: now } : one));
      // Nobody knows who used one since, but the database that is being replaced, where there is still one to ask.
      const known = accounts.filter((account) => !replaced || mayHaveUsed(account, replaced));
      const lost = await withCodes(tx, known);
      await voidRecoveryCodes(
        tx,
        known.map(({ id }) => id),
      );
      fenced.lost_codes += lost.size;
      for (const account of accounts.filter(isReached)) {
        const mail = restoredLetter(config, account, { madeAt, lostCodes: lost.has(account.id) });
        const parcel = { to: { name: account.name, address: account.email }, ...mail };
        const dueAt = now + Math.floor(fenced.mails / MAILS_A_SECOND) * SECOND;
        const about = { channel: 'mail', kind: 'letter/restored', accountId: account.id } as const;
        await outbox.enqueue(tx, { ...about, message: parcel }, dueAt);
        fenced.mails += 1;
      }
    });
  }
  if (replaced) await carryCounts(load, replaced);
  await spendCounters(load, now, replaced);
  await load.run((tx) => closeDoors(tx, now, madeAt));
  return fenced;
}

/** Who can sign in. */
const isReached = ({ password_hash, suspended_at }: Holder) =>
  password_hash !== null && suspended_at === null;

const mayHaveUsed = ({ id, pseudonym }: Holder, { accounts, active }: Replaced) =>
  active === null || active.has(pseudonym) || !accounts.has(id);

/** Somebody had a reason since. Who was let in again since is let in only by the operator once more. */
function isShutSince({ id, suspended_at }: Holder, { accounts, active }: Replaced): boolean {
  if (suspended_at !== null) return false;
  const since = accounts.get(id);
  return since === undefined ? active !== null : since !== null;
}

async function suspend(tx: Tx, account: Holder, now: number): Promise<void> {
  await changeSecurity(tx, account, { suspended_at: now });
  const entry = { event: 'account.suspended' as const, subject: account, actor: 'operator' };
  await record(tx, nowhere(now), entry);
}

async function closeDoors(tx: Tx, now: number, madeAt: number): Promise<void> {
  await cancelRequests(tx, now);
  // A way back must be open again for whoever called off the deletion of their account since.
  await postponeErasures(tx, now + WAY_BACK);
  await noteRestored(tx, now);
  const entry = {
    event: 'backup.restored' as const,
    subject: null,
    actor: 'operator',
    detail: { made_at: madeAt },
  };
  await record(tx, nowhere(now), entry);
}
