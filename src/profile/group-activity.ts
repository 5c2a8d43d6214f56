import type { AuditEvent } from '../audit/events.ts';
import type { AuditRecord } from '../audit/store.ts';

/** So many records at most become one line: second step, signed in, recovery code, password. */
export const MOST_IN_LINE = 4;

export interface ActivityLine {
  /** What the line tells; where it stands for several records, with what they add to it. */
  readonly event: AuditRecord;
  /** The `seq` of its oldest record: the next page goes on before it. */
  readonly oldest: number;
}

const ENDS: readonly AuditEvent[] = ['sign_in.completed', 'sign_in.enrolment_only', 'step_up.completed'];

/**
 * For reading only: a sign-in and a confirmation are one line each, however many records they made (screen 14). Only
 * neighbours are put together: whatever came between keeps its own line, and so does every failure. Each record is in
 * exactly one line. Newest first, as `records`.
 */
export function groupActivity(records: readonly AuditRecord[]): ActivityLine[] {
  const lines: ActivityLine[] = [];
  for (let at = 0; at < records.length; ) {
    const { event, count } = proofAt(records, at) ?? { event: records[at] as AuditRecord, count: 1 };
    at += count;
    lines.push({ event, oldest: (records[at - 1] as AuditRecord).seq });
  }
  return lines;
}

/** What was proven by the records from `at` on, and how many they are; null: nothing that takes more than one. */
function proofAt(
  records: readonly AuditRecord[],
  at: number,
): { readonly event: AuditRecord; readonly count: number } | null {
  let next = at;
  const take = (fits: (record: AuditRecord) => boolean): AuditRecord | null => {
    const record = records[next];
    if (!record || record.outcome === 'failure' || !fits(record)) return null;
    next += 1;
    return record;
  };
  // The second step is recorded after what it completes, the used code and the password before.
  const factor = take(({ event }) => event === 'sign_in.factor');
  const end = take((record) => ENDS.includes(record.event) && (!factor || sameRequest(record, factor)));
  if (!end) return null;
  const passkey = take((record) => record.event === 'sign_in.passkey' && sameRequest(record, end));
  const code = take((record) => record.event === 'recovery_code.used' && sameRequest(record, end));
  const first = end.event === 'step_up.completed' ? 'step_up.password' : 'sign_in.password';
  const password = passkey ? null : take((record) => record.event === first && samePlace(record, end));
  const steps = passkey ? ['passkey'] : stepsOf(end, factor, password);
  const left = code?.detail['left'];
  const event = {
    ...end,
    method: steps.join(' ') || null,
    detail: left === undefined ? end.detail : { ...end.detail, left },
  };
  return { event, count: next - at };
}

function sameRequest(one: AuditRecord, other: AuditRecord): boolean {
  return one.request_id !== null && one.request_id === other.request_id;
}

/** The password comes in a request of its own. From elsewhere it was another sign-in, and perhaps another person. */
function samePlace(one: AuditRecord, other: AuditRecord): boolean {
  return one.network === other.network && one.browser === other.browser;
}

/** `pwd otp`: what was typed, in its order, and not in which app it was read. */
function stepsOf(end: AuditRecord, factor: AuditRecord | null, password: AuditRecord | null): string[] {
  const told = (end.method ?? '').split(' ').filter((step) => step !== '' && step !== 'mfa');
  const first = password || told.includes('pwd') ? ['pwd'] : [];
  const then = factor?.method ? [factor.method] : told.filter((step) => step !== 'pwd');
  return [...first, ...then.map((step) => (step === 'totp' ? 'otp' : step))];
}
