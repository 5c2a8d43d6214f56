import { record } from '../audit/record.ts';
import { noteRestored } from '../database/fence.ts';
import type { Load } from '../database/load.ts';
import type { Tx } from '../database/open.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { factorCare } from '../factors/all.ts';
import { DAY, SECOND } from '../kit/clock.ts';
import { restoredLetter } from './restored-letter.ts';
import {
  cancelRequests,
  type Holder,
  nextAccounts,
  postponeErasures,
  raiseCounters,
  voidRecoveryCodes,
  withCodes,
} from './store.ts';

export interface Fenced {
  /** Accounts whose recovery codes are void. */
  readonly lost_codes: number;
  readonly mails: number;
}

/** Of mails that somebody waits for, none may stand behind a hundred thousand of these. */
const MAILS_A_SECOND = 5;
/** A way back must be open again for whoever called off the deletion of their account since. */
const WAY_BACK = 7 * DAY;
const AT_ONCE = 200;

/**
 * What nobody can know any more counts as spent (R82). Sessions, sign-ins under way, links, tokens and queued mails are not
 * in a backup in the first place (`database/backup-tables.ts`); what is in it and could count twice is dealt with here:
 * codes of apps up to now, all recovery codes, open requests for help, erasures that are due. Budgets and waits stay as they
 * were: a restore refills nothing.
 */
export async function setFence(
  load: Load,
  { config, outbox }: Pick<Deps, 'config'> & { readonly outbox: Outbox },
  { now, madeAt }: { readonly now: number; readonly madeAt: number },
): Promise<Fenced> {
  const fenced = { lost_codes: 0, mails: 0 };
  for (let after = ''; ; ) {
    const accounts = await load.run((tx) => nextAccounts(tx, after, AT_ONCE));
    const last = accounts.at(-1);
    if (!last) break;
    after = last.id;
    await load.run(async (tx) => {
      const lost = await withCodes(tx, accounts);
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
  await load.run((tx) => closeDoors(tx, now, madeAt));
  return fenced;
}

/** Who can sign in. */
const isReached = ({ password_hash, suspended_at }: Holder) =>
  password_hash !== null && suspended_at === null;

async function closeDoors(tx: Tx, now: number, madeAt: number): Promise<void> {
  for (const { kind, spentBy } of factorCare()) if (spentBy) await raiseCounters(tx, kind, spentBy(now));
  await voidRecoveryCodes(tx);
  await cancelRequests(tx, now);
  await postponeErasures(tx, now + WAY_BACK);
  await noteRestored(tx, now);
  const entry = {
    event: 'backup.restored' as const,
    subject: null,
    actor: 'operator',
    detail: { made_at: madeAt },
  };
  await record(tx, { now, network: '', browser: '', requestId: '' }, entry);
}
