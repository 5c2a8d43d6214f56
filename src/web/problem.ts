import type { Refusal } from '../kit/refusal.ts';
import { fieldSentence, refusalSentence } from '../words/refusals.ts';
import { type Answer, json } from './answer.ts';
import type { Visit } from './visit.ts';

/**
 * A refusal as a program hears it (RFC 9457); with a challenge where its token is at fault (RFC 6750, 3). `refusal`
 * null: a fault.
 */
export function problem(
  visit: Visit,
  refusal: Refusal | null,
  status: number,
  headers: Readonly<Record<string, string>>,
): Answer {
  const code = refusal?.code ?? 'fault';
  const { fields = {}, problems } = refusal?.detail ?? {};
  const errors =
    problems ??
    Object.entries(fields).map(([name, complaint]) => ({
      at: `body.${name}`,
      message: fieldSentence(visit.locale, complaint, 0),
    }));
  const body = {
    type: `urn:countersign:problem:${code}`,
    title: refusalSentence(visit.locale, refusal, visit.requestId),
    status,
    code,
    request_id: visit.requestId,
    ...(errors.length > 0 ? { errors } : {}),
  };
  const challenge = challengeTo(visit, refusal);
  return json(body, status, {
    ...headers,
    'content-type': 'application/problem+json; charset=utf-8',
    ...(challenge === null ? {} : { 'www-authenticate': challenge }),
  });
}

function challengeTo({ authorization }: Visit, refusal: Refusal | null): string | null {
  const realm = 'Bearer realm="Countersign"';
  if (refusal?.code === 'scope_missing')
    return `${realm}, error="insufficient_scope", scope="${refusal.detail.scope}"`;
  // Without a token there is nothing that could be wrong with it.
  if (refusal?.code === 'token_required') return authorization ? `${realm}, error="invalid_token"` : realm;
  return null;
}
