import { z } from 'zod';
import { findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { removeFactorOf } from '../factors/remove-for-person.ts';
import { listFactors } from '../factors/store.ts';
import { Refusal } from '../kit/refusal.ts';
import { aboutMember } from './account-care.ts';
import { ofAccount } from './accounts.ts';
import { EXAMPLE } from './examples.ts';
import { operation } from './operation.ts';
import { asInstant, id, instant } from './shapes.ts';

const tag = 'Factors';
const factor = z
  .object({
    id,
    kind: z.string().meta({ description: '`totp`, `sms`, `webauthn`.' }),
    label: z.string(),
    suspended: z.boolean(),
    created_at: instant,
    last_used_at: instant.nullable(),
  })
  .meta({ id: 'Factor' });

/** The second steps of one person; never what is secret about them. */
export function factorOperations(deps: Deps) {
  const { database } = deps;
  return [
    operation({
      id: 'listFactors',
      method: 'GET',
      path: '/accounts/{account_id}/factors',
      tag,
      scope: 'accounts:read',
      summary: 'Somebody’s factors',
      params: ofAccount,
      result: z.object({ data: z.array(factor) }),
      refusals: ['not_found'],
      example: {
        params: { account_id: EXAMPLE.account },
        result: {
          data: [
            {
              id: EXAMPLE.factor,
              kind: 'totp',
              label: 'Pixel',
              suspended: false,
              created_at: EXAMPLE.at,
              last_used_at: null,
            },
          ],
        },
      },
      async handle({ params }) {
        if (!(await findAccount(database.db, params.account_id))) throw new Refusal('not_found');
        const rows = await listFactors(database.db, params.account_id);
        return {
          data: rows.map((row) => ({
            id: row.id,
            kind: row.kind,
            label: row.label,
            suspended: row.suspended_at !== null,
            created_at: asInstant(row.created_at),
            last_used_at: asInstant(row.last_used_at),
          })),
        };
      },
    }),
    operation({
      id: 'removeFactor',
      method: 'DELETE',
      path: '/accounts/{account_id}/factors/{factor_id}',
      tag,
      scope: 'accounts:write',
      summary: 'Remove one of several factors',
      description: 'What it opened ends, and the person is told. The only one is not removed: reset instead.',
      params: ofAccount.extend({ factor_id: id }),
      refusals: ['not_found', 'only_factor', 'administrator_protected', 'changes_frozen'],
      example: { params: { account_id: EXAMPLE.account, factor_id: EXAMPLE.factor } },
      async handle({ by, doneBy, params: { account_id, factor_id } }) {
        await aboutMember(deps, account_id, async (tx) => {
          const removal = { id: account_id, factorId: factor_id, doneBy };
          if ((await removeFactorOf(tx, deps, by, removal)) === 'last') throw new Refusal('only_factor');
        });
      },
    }),
  ];
}
