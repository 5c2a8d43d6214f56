import { putMeta, readMeta } from '../database/meta.ts';
import type { Db, Tx } from '../database/open.ts';
import type { Seal } from '../kit/seal.ts';
import type { AuditRow } from './store.ts';

/** Stands before the first event. */
export const START = 'countersign audit chain 1';

/**
 * The hash of one link: keyed, so that whoever can write to the database but has no key ring cannot make a link that
 * fits (R73). base64url
 */
export function linkHash(seal: Seal, previous: string, event: AuditRow, keyId: string): string {
  return seal.mac('audit', `${previous}\n${canonical(event)}`, keyId);
}

/** Every column in a fixed order. JSON keeps them apart, whatever they hold. */
function canonical(event: AuditRow): string {
  const { seq, at, outcome, subject, actor, method, network, browser, request_id, detail } = event;
  return JSON.stringify([
    seq,
    at,
    event.event,
    outcome,
    subject,
    actor,
    method,
    network,
    browser,
    request_id,
    detail,
  ]);
}

/** Where the chain ends. A chain that lost its last links is still a chain; this tells that it was longer. */
export interface Head {
  readonly position: number;
  readonly hash: string;
  readonly keyId: string;
}

const HEAD_KEY = 'audit/head';

function headProof(seal: Seal, { position, hash, keyId }: Head): string {
  return seal.mac('audit', `head\n${position}\n${hash}`, keyId);
}

export async function writeHead(tx: Tx, seal: Seal, head: Head): Promise<void> {
  const value = JSON.stringify({ ...head, proof: headProof(seal, head) });
  await putMeta(tx, HEAD_KEY, value);
}

/** Null where nothing was sealed yet; `forged` where it is not ours. */
export async function readHead(db: Db, seal: Seal): Promise<Head | null | 'forged'> {
  const value = await readMeta(db, HEAD_KEY);
  if (value === null) return null;
  try {
    const { position, hash, keyId, proof } = JSON.parse(value) as Head & { proof: string };
    const head = { position, hash, keyId };
    return proof === headProof(seal, head) ? head : 'forged';
  } catch {
    return 'forged';
  }
}
