import { readCheckpoint } from '../audit/checkpoint.ts';
import { linkHash, readHead, START } from '../audit/link-hash.ts';
import type { AuditRow } from '../audit/store.ts';
import type { Db } from '../database/open.ts';
import { counted } from '../kit/counted.ts';
import type { Seal } from '../kit/seal.ts';
import { Sick } from './check.ts';
import { lastLinks } from './doctor-store.ts';

/** `audit verify` walks the whole chain; this looks at its end. */
const LOOKED_AT = 500;

/** The chain ends where it is noted to end, and its last links fit. Writes nothing. */
export async function lookAtAudit(db: Db, seal: Seal): Promise<string> {
  const links = await lastLinks(db, LOOKED_AT);
  const head = await readHead(db, seal);
  const last = links.at(-1);
  if (head === 'forged') throw new Sick(`the note of where the chain ends was changed${ADVICE}`);
  const cut = await readCheckpoint(db, seal);
  if (cut === 'forged') throw new Sick(`the note of where the chain begins was changed${ADVICE}`);
  if (!last && head === null) return 'no record yet';
  if (last?.position !== head?.position || last?.hash !== head?.hash) {
    throw new Sick(`the chain does not end where it is noted to end${ADVICE}`);
  }
  // Where the chain is longer than what we look at, the first row is only the one before.
  const whole = links.length <= LOOKED_AT;
  const start = cut?.hash ?? START;
  let previous = whole ? start : (links[0]?.hash ?? start);
  for (const { position, link_seq, key_id, hash, ...event } of whole ? links : links.slice(1)) {
    const fits = event.seq !== null && linkHash(seal, previous, event as AuditRow, key_id) === hash;
    if (!fits) throw new Sick(`record ${link_seq} (position ${position}) was changed or removed${ADVICE}`);
    previous = hash;
  }
  const kept = (head?.position ?? 0) - (cut?.position ?? 0);
  return `${counted(kept, 'record')}, the last ${Math.min(links.length, LOOKED_AT)} looked at`;
}

const ADVICE = ': run `audit verify`';
