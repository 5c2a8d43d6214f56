import { z } from 'zod';
import { deleteAccount } from '../accounts/delete-account.ts';
import { findAccount } from '../accounts/store.ts';
import { restoreAccount } from '../accounts/suspend.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { aboutMember, reason } from './account-care.ts';
import { ANN, account, asJson, ofAccount } from './accounts.ts';
import { EXAMPLE } from './examples.ts';
import { operation } from './operation.ts';
import { asInstant, instant } from './shapes.ts';

/** Somebody leaves, and there is a way back for a week. */
export function accountDeletionOperations(deps: Deps) {
  const { database } = deps;
  const common = { tag: 'Accounts', scope: 'accounts:write', method: 'POST', params: ofAccount } as const;
  const example = { params: { account_id: EXAMPLE.account } };
  return [
    operation({
      ...common,
      id: 'deleteAccount',
      path: '/accounts/{account_id}/delete',
      summary: 'Close somebody’s account, to be erased in 7 days',
      description:
        'They are out at once, can’t sign in, and are told who did it and why. Until it is erased, `restoreAccount` keeps it.',
      body: z.strictObject({ reason }),
      result: z.object({ erase_at: instant }),
      refusals: ['not_found', 'conflict', 'administrator_protected'],
      example: { ...example, body: { reason: 'Left the company.' }, result: { erase_at: EXAMPLE.at } },
      async handle({ by, doneBy, params: { account_id: id }, body }) {
        const { eraseAt } = await aboutMember(deps, id, (tx) =>
          deleteAccount(tx, deps, by, { id, reason: body.reason, doneBy }),
        );
        return { erase_at: asInstant(eraseAt) };
      },
    }),
    operation({
      ...common,
      id: 'restoreAccount',
      path: '/accounts/{account_id}/restore',
      summary: 'Keep an account that was to be erased, or end a suspension',
      description: 'What the person had is as it was; every sign-in starts anew.',
      result: account,
      refusals: ['not_found', 'administrator_protected'],
      example: { ...example, result: ANN },
      async handle({ by, doneBy, params: { account_id: id } }) {
        await aboutMember(deps, id, (tx) => restoreAccount(tx, deps, by, id, doneBy));
        const found = await findAccount(database.db, id);
        if (!found) throw new Refusal('not_found');
        return asJson(found);
      },
    }),
  ];
}
