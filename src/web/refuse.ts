import { DatabaseAway, isAway } from '../database/database-away.ts';
import type { Html } from '../kit/html.ts';
import { Refusal } from '../kit/refusal.ts';
import { refusalSentence } from '../words/refusals.ts';
import { type Answer, json, page, type SetCookie, seeOther } from './answer.ts';
import { withNotice } from './flash.ts';
import { problem } from './problem.ts';
import { type Shape, shapeOf } from './refusals.ts';
import { safeReturnTo, withReturnTo } from './return-to.ts';
import type { Visit } from './visit.ts';

export interface RefusalContext {
  readonly status: number;
  /** null: a fault, of which nothing is told but the request id. */
  readonly refusal: Refusal | null;
}

/** Fastify's own complaints and a lost database, as refusals; null for a fault. */
export function asRefusal(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof DatabaseAway || isAway(error)) return new Refusal('database_away', { retryAfter: 5 });
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Refusal('unsupported_body');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Refusal('body_too_large');
  if (code?.startsWith('FST_ERR') && statusCode !== undefined && statusCode < 500)
    return new Refusal('malformed_request');
  return null;
}

/** For programs; what a person reads says it in words. */
export function retryHeaders(refusal: Refusal | null): Record<string, string> {
  const after = refusal?.detail.retryAfter;
  return after === undefined ? {} : { 'retry-after': String(after) };
}

/** `here`: the page to come back to after signing in or confirming. */
export function answerRefusal(
  visit: Visit,
  refusal: Refusal | null,
  here: string,
  errorPage: (visit: Visit, context: RefusalContext) => Html,
): Answer {
  const shape: Shape = refusal ? shapeOf(refusal.code) : { status: 500 };
  const headers = retryHeaders(refusal);
  if (visit.forProgram) return problem(visit, refusal, shape.status, headers);
  if (visit.wantsJson) {
    const message = refusalSentence(visit.locale, refusal, visit.requestId);
    const fields = refusal?.detail.fields;
    // Whatever leads a person to the sign-in page is one thing to a program (contract).
    const code = shape.lead === 'sign-in' ? 'sign_in_required' : (refusal?.code ?? 'fault');
    return json({ code, message, ...(fields ? { fields } : {}) }, shape.status, headers);
  }
  if (shape.lead === 'sign-in')
    return seeOther(withReturnTo('/sign-in', signInReturn(refusal, here)), {
      cookies: saysWhy(visit, refusal),
    });
  if (shape.lead === 'security') return seeOther('/account/security');
  if (shape.lead === 'confirm')
    return seeOther(withReturnTo('/confirm', safeReturnTo(refusal?.detail.returnTo ?? here)));
  return page(errorPage(visit, { status: shape.status, refusal }), shape.status, { headers });
}

/**
 * Who typed the right code, or filled in a form, but too late, must not be left alone with an empty one. Who never began
 * has lost nothing.
 */
function saysWhy({ cookies }: Visit, refusal: Refusal | null): readonly SetCookie[] {
  if (refusal?.code === 'pending_ended')
    return cookies['pending'] === undefined ? [] : [withNotice('pending_ended')];
  return cookies['session'] === undefined ? [] : [withNotice('session_over')];
}

/** An ended pending sign-in starts from the beginning: not its second page, but what it was for is where to go on. */
function signInReturn(refusal: Refusal | null, here: string): string {
  return safeReturnTo(refusal?.code === 'pending_ended' ? refusal.detail.returnTo : here);
}
