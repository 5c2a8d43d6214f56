import { z } from 'zod';
import { AUDIT_EVENTS } from '../audit/events.ts';
import { followRecords } from '../audit/follow-records.ts';
import type { Deps } from '../deps.ts';
import { EXAMPLE } from './examples.ts';
import { operation } from './operation.ts';
import { asCursor, MAY_BE_SHORT, notOurs, pageOf, paging, readCursor } from './paging.ts';
import { asInstant, instant } from './shapes.ts';

const event = z
  .object({
    seq: z.int().meta({ description: 'Rises from event to event, with gaps.' }),
    at: instant,
    event: z.enum(AUDIT_EVENTS),
    outcome: z.enum(['success', 'failure']),
    subject: z.string().nullable().meta({ description: 'The person it is about, by pseudonym.' }),
    actor: z
      .string()
      .nullable()
      .meta({ description: 'Who did it: a pseudonym, `operator`, `system`, `client:ID`.' }),
    method: z.string().nullable(),
    network: z.string().nullable(),
    browser: z.string().nullable(),
    request_id: z.string().nullable(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: 'AuditEvent' });

/** What happened, oldest first. Whoever follows along asks with `since` (docs/integrate.md). */
export function auditOperations({ database }: Deps) {
  return [
    operation({
      id: 'listAuditEvents',
      method: 'GET',
      path: '/audit-events',
      tag: 'Records',
      scope: 'audit:read',
      summary: 'What happened, oldest first',
      description: MAY_BE_SHORT,
      query: z.strictObject({
        ...paging,
        since: instant.optional(),
        event: z.enum(AUDIT_EVENTS).optional(),
        subject: z.string().max(64).optional().meta({ description: 'A pseudonym.' }),
      }),
      result: pageOf(event),
      example: {
        query: { limit: '1', since: EXAMPLE.at, event: 'group.created' },
        result: {
          data: [
            {
              seq: 12,
              at: EXAMPLE.at,
              event: 'group.created',
              outcome: 'success',
              subject: null,
              actor: 'operator',
              method: null,
              network: null,
              browser: null,
              request_id: null,
              detail: { group: EXAMPLE.group },
            },
          ],
          next_cursor: null,
        },
      },
      async handle({ query: { limit, cursor, since, event: named, subject } }) {
        const { records, next } = await followRecords(
          database.db,
          {
            ...(since === undefined ? {} : { since: Date.parse(since) }),
            ...(named === undefined ? {} : { event: named }),
            ...(subject === undefined ? {} : { subject }),
          },
          { after: placeOf(cursor), count: limit },
        );
        return {
          data: records.map(({ at, ...row }) => ({ ...row, at: asInstant(at) })),
          next_cursor: asCursor(next === null ? null : String(next)),
        };
      },
    }),
  ];
}

/** @throws {Refusal} malformed_request */
function placeOf(cursor: string | undefined): number {
  const place = readCursor(cursor);
  if (!/^\d{0,15}$/.test(place)) throw notOurs();
  return Number(place);
}
