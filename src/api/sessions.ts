import { z } from 'zod';
import { findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { endSessionOf, endSessionsOf } from '../sessions/end-for-person.ts';
import { isAlive } from '../sessions/session.ts';
import { listSessions } from '../sessions/store.ts';
import { ofAccount } from './accounts.ts';
import { EXAMPLE } from './examples.ts';
import { operation } from './operation.ts';
import { asInstant, id, instant } from './shapes.ts';

const tag = 'Sessions';
const session = z
  .object({
    id,
    acr: z.enum(['pwd', 'mfa', 'phr']),
    amr: z.array(z.string()),
    network: z.string(),
    browser: z.string(),
    created_at: instant,
    last_used_at: instant,
    expires_at: instant,
  })
  .meta({ id: 'Session' });

/** Where somebody is signed in. Ending only protects: of administrators too. */
export function sessionOperations(deps: Deps) {
  const { database, config, clock } = deps;
  return [
    operation({
      id: 'listSessions',
      method: 'GET',
      path: '/accounts/{account_id}/sessions',
      tag,
      scope: 'accounts:read',
      summary: 'Where somebody is signed in',
      description: 'The 500 sessions that were used last.',
      params: ofAccount,
      result: z.object({ data: z.array(session) }),
      refusals: ['not_found'],
      example: {
        params: { account_id: EXAMPLE.account },
        result: {
          data: [
            {
              id: EXAMPLE.session,
              acr: 'mfa',
              amr: ['pwd', 'otp', 'mfa'],
              network: '192.0.2.7',
              browser: 'Mozilla/5.0',
              created_at: EXAMPLE.at,
              last_used_at: EXAMPLE.at,
              expires_at: EXAMPLE.at,
            },
          ],
        },
      },
      async handle({ params }) {
        if (!(await findAccount(database.db, params.account_id))) throw new Refusal('not_found');
        const rows = await listSessions(database.db, params.account_id);
        const alive = rows.filter((row) => isAlive(row, clock.now(), config.lifetimes));
        return {
          data: alive.map((row) => ({
            id: row.id,
            acr: row.acr,
            amr: row.amr.split(' '),
            network: row.network,
            browser: row.browser,
            created_at: asInstant(row.created_at),
            last_used_at: asInstant(row.last_used_at),
            expires_at: asInstant(row.expires_at),
          })),
        };
      },
    }),
    operation({
      id: 'endSession',
      method: 'DELETE',
      path: '/accounts/{account_id}/sessions/{session_id}',
      tag,
      scope: 'accounts:write',
      summary: 'End one session, at once and everywhere',
      params: ofAccount.extend({ session_id: id }),
      refusals: ['not_found'],
      example: { params: { account_id: EXAMPLE.account, session_id: EXAMPLE.session } },
      async handle({ by, params: { account_id, session_id } }) {
        await database.transaction((tx) =>
          endSessionOf(tx, deps, by, { id: account_id, sessionId: session_id }),
        );
      },
    }),
    operation({
      id: 'endSessions',
      method: 'DELETE',
      path: '/accounts/{account_id}/sessions',
      tag,
      scope: 'accounts:write',
      summary: 'End all sessions of somebody',
      params: ofAccount,
      refusals: ['not_found'],
      example: { params: { account_id: EXAMPLE.account } },
      async handle({ by, params }) {
        await database.transaction((tx) => endSessionsOf(tx, deps, by, params.account_id));
      },
    }),
  ];
}
