import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Db } from '../database/open.ts';
import type { Seal } from '../kit/seal.ts';
import { type ChainDeps, sealAuditChain } from './chain.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { type Head, linkHash, readHead, START } from './link-hash.ts';
import { linksWithEvents } from './link-store.ts';
import type { AuditRow } from './store.ts';

export interface AuditVerdict {
  readonly ok: boolean;
  /** Events in the chain; those that were removed when they were old enough are not counted. */
  readonly events: number;
  /** The last link's hash: noted elsewhere, it proves later that nothing before it was changed. */
  readonly head: string | null;
  /** What is wrong, in English, one sentence each. */
  readonly problems: string[];
}

const BATCH = 1_000;
const PROBLEMS_TOLD = 50;

/** Told after each batch how many looks are done of how many; each event is looked at twice. */
export type Progress = (done: number, all: number) => Promise<void>;

/**
 * Walks the whole chain and finds events that were changed, deleted, moved or slipped in (R73). What was written just
 * now is sealed first.
 */
export async function verifyAudit(
  deps: ChainDeps,
  progress: Progress = async () => {},
): Promise<AuditVerdict> {
  for (;;) {
    const before = await readCheckpoint(deps.database.db, deps.seal);
    const verdict = await verifyOnce(deps, before, progress);
    const after = await readCheckpoint(deps.database.db, deps.seal);
    // Old records were removed while we walked over them: what we missed there is no crime.
    if (verdict.ok || beginOf(before) === beginOf(after)) return verdict;
  }
}

const beginOf = (cut: Checkpoint | null | 'forged') => (cut && cut !== 'forged' ? cut.position : cut);

async function verifyOnce(
  deps: ChainDeps,
  notedBegin: Checkpoint | null | 'forged',
  progress: Progress,
): Promise<AuditVerdict> {
  const { db } = deps.database;
  const problems = collectProblems();
  const newest = await newestEvent(db);
  await sealAuditChain(deps);
  const notedEnd = await readHead(db, deps.seal);
  // Where a note is forged, the walk goes on without it and tells what else is wrong.
  const cut = notedBegin === 'forged' ? null : notedBegin;
  const head = notedEnd === 'forged' ? null : notedEnd;
  if (notedBegin === 'forged') problems.add('the note of where the chain begins was changed');
  if (cut && (await anyLinkUpTo(db, cut.position)))
    problems.add(`links up to position ${cut.position} are there, though they were removed`);
  const all = 2 * (head?.position ?? 0);
  const walked = await walk(db, deps.seal, problems, { head, cut }, (done) => progress(done, all));
  if (notedEnd === 'forged') problems.add('the note of where the chain ends was changed');
  if (notedEnd === null && walked.events > 0) problems.add('the note of where the chain ends is missing');
  if (head && head.position > walked.position) {
    problems.add(`the chain ends at position ${walked.position}, but it was ${head.position} long`);
  }
  await findUnlinked(deps, newest, problems, (done) => progress(walked.events + done, all));
  const more = problems.count - problems.told.length;
  return {
    ok: problems.count === 0,
    events: walked.events,
    head: walked.hash,
    problems: more > 0 ? [...problems.told, `… and ${more} more`] : problems.told,
  };
}

async function newestEvent(db: Db): Promise<number> {
  const row = await db
    .selectFrom('audit_event')
    .select('seq')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.seq ?? 0;
}

type Walked = { events: number; position: number; hash: string | null };

async function anyLinkUpTo(db: Db, position: number): Promise<boolean> {
  const query = db.selectFrom('audit_link').select('position').where('position', '<=', position);
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}

type Step = (done: number) => Promise<void>;

async function walk(
  db: Db,
  seal: Seal,
  problems: Problems,
  { head, cut }: { readonly head: Head | null; readonly cut: Checkpoint | null },
  step: Step,
): Promise<Walked> {
  const walked: Walked = { events: 0, position: cut?.position ?? 0, hash: cut?.hash ?? null };
  for (;;) {
    const links = await nextLinks(db, walked.position);
    for (const { position, link_seq, key_id, hash, ...event } of links) {
      if (position !== walked.position + 1) {
        problems.add(
          `the chain has no position ${walked.position + 1}: links were deleted before event ${link_seq}`,
        );
      }
      const complaint =
        event.seq === null
          ? `event ${link_seq} is missing, though the chain holds it`
          : complainAbout(seal, walked.hash ?? START, event as AuditRow, key_id, hash);
      if (complaint) problems.add(complaint);
      if (head?.position === position && head.hash !== hash) {
        problems.add(`the link of event ${link_seq} is not the one that once ended the chain`);
      }
      // Go on from what is stored, so that one wrong link is told once.
      walked.events += 1;
      walked.position = position;
      walked.hash = hash;
    }
    if (links.length < BATCH) return walked;
    await step(walked.events);
    await nextTurn();
  }
}

function nextLinks(db: Db, after: number) {
  return linksWithEvents(db)
    .where('audit_link.position', '>', after)
    .orderBy('audit_link.position')
    .limit(BATCH)
    .execute();
}

function complainAbout(
  seal: Seal,
  previous: string,
  event: AuditRow,
  keyId: string,
  hash: string,
): string | null {
  try {
    if (linkHash(seal, previous, event, keyId) === hash) return null;
    return `event ${event.seq} or its place in the chain was changed`;
  } catch {
    return `event ${event.seq} was sealed with the key "${keyId}", which is not in the key ring`;
  }
}

/** Events up to `newest` that no link holds: somebody wrote them past us. */
async function findUnlinked(deps: ChainDeps, newest: number, problems: Problems, step: Step): Promise<void> {
  let last = Number.MIN_SAFE_INTEGER;
  let done = 0;
  while (last < newest) {
    let page = await eventsAfter(deps.database.db, last);
    if (page.some(({ position }) => position === null)) {
      // One that committed late is honest and only needs its link.
      await sealAuditChain(deps);
      page = await eventsAfter(deps.database.db, last);
    }
    for (const { seq, position } of page) {
      if (position === null && seq <= newest) problems.add(`event ${seq} is not in the chain`);
      last = seq;
    }
    if (page.length < BATCH) return;
    done += page.length;
    await step(done);
    await nextTurn();
  }
}

function eventsAfter(db: Db, last: number) {
  return db
    .selectFrom('audit_event')
    .leftJoin('audit_link', 'audit_link.event_seq', 'audit_event.seq')
    .select(['audit_event.seq', 'audit_link.position'])
    .where('audit_event.seq', '>', last)
    .orderBy('audit_event.seq')
    .limit(BATCH)
    .execute();
}

interface Problems {
  readonly told: string[];
  count: number;
  add(problem: string): void;
}

/** The first ones say what happened; a million more would only fill the memory and the screen. */
function collectProblems(): Problems {
  return {
    told: [],
    count: 0,
    add(problem) {
      this.count += 1;
      if (this.count <= PROBLEMS_TOLD) this.told.push(problem);
    },
  };
}
