import { z } from 'zod';
import { isAdministrator } from '../accounts/account.ts';
import { changeRole } from '../accounts/change-role.ts';
import { lockWithAdministrators } from '../accounts/lock-with-administrators.ts';
import { startPasswordReset } from '../accounts/reset-link.ts';
import { findAccount } from '../accounts/store.ts';
import { restoreAccount, suspendAccount } from '../accounts/suspend.ts';
import { unlockAccount } from '../accounts/unlock.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { resetTwoFactor } from '../factors/reset-two-factor.ts';
import { Refusal } from '../kit/refusal.ts';
import { ANN, account, asJson, ofAccount } from './accounts.ts';
import { EXAMPLE } from './examples.ts';
import { type Operation, operation } from './operation.ts';

const tag = 'Accounts';
const example = { params: { account_id: EXAMPLE.account } };
export const reason = z
  .string()
  .regex(/^(?=.*[\p{L}\p{N}])[^\p{Cc}]{1,240}$/u)
  .meta({ description: 'One line with words in it; the person reads it in the mail.' });

/**
 * A change of somebody who is no administrator, in one transaction with the look at that: a stolen token of a program
 * must not be the way to an administrator's account, whom their own people look after.
 * @throws {Refusal} not_found, administrator_protected, and what `work` throws
 */
export function aboutMember<T>(
  { database }: Pick<Deps, 'database'>,
  id: string,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    // The administrators first, as in whatever follows: else two who act about each other would wait for each other.
    const { person } = await lockWithAdministrators(tx, id);
    if (!person) throw new Refusal('not_found');
    if (isAdministrator(person)) throw new Refusal('administrator_protected');
    return work(tx);
  });
}

/** What is done about somebody's account, as in the Dashboard. */
export function accountCareOperations(deps: Deps): Operation[] {
  const { database } = deps;
  const common = { tag, scope: 'accounts:write', params: ofAccount } as const;

  async function shown(id: string) {
    const found = await findAccount(database.db, id);
    if (!found) throw new Refusal('not_found');
    return asJson(found);
  }

  return [
    operation({
      ...common,
      id: 'changeAccount',
      method: 'PATCH',
      path: '/accounts/{account_id}',
      summary: 'Change somebody’s role, suspend or restore them',
      description:
        'A suspended person is out at once and can’t sign in; `false` calls off a deletion too. Names, addresses and ' +
        'passwords are the person’s own.',
      body: z.strictObject({ role: z.enum(['publisher', 'member']), suspended: z.boolean() }).partial(),
      result: account,
      refusals: ['not_found', 'administrator_protected'],
      example: { ...example, body: { suspended: true }, result: { ...ANN, suspended: true } },
      async handle({ by, doneBy, params: { account_id: id }, body: { role, suspended } }) {
        await aboutMember(deps, id, async (tx) => {
          if (role !== undefined) await changeRole(tx, deps, by, { id, role, doneBy });
          if (suspended === true) await suspendAccount(tx, deps, by, id);
          if (suspended === false) await restoreAccount(tx, deps, by, id, doneBy);
        });
        return shown(id);
      },
    }),
    operation({
      ...common,
      id: 'resetTwoFactor',
      method: 'POST',
      path: '/accounts/{account_id}/reset-two-factor',
      summary: 'Reset somebody’s two-factor authentication',
      description: 'Factors and recovery codes go, sessions end, and the person is told who did it and why.',
      body: z.strictObject({ reason }),
      refusals: ['not_found', 'no_two_factor', 'administrator_protected', 'changes_frozen'],
      example: { ...example, body: { reason: 'Lost the phone; known to the help desk.' } },
      async handle({ by, doneBy, params: { account_id: id }, body }) {
        await aboutMember(deps, id, (tx) =>
          resetTwoFactor(tx, deps, by, { id, reason: body.reason, doneBy }),
        );
      },
    }),
    operation({
      ...common,
      id: 'resetPassword',
      method: 'POST',
      path: '/accounts/{account_id}/reset-password',
      summary: 'Ask somebody to choose a new password',
      description: 'Mails them a link and ends their sessions. Nobody else learns or sets a password.',
      body: z.strictObject({ reason }),
      refusals: ['not_found', 'conflict', 'administrator_protected'],
      example: { ...example, body: { reason: 'Password seen in a screenshot.' } },
      async handle({ by, params: { account_id: id }, body }) {
        await aboutMember(deps, id, (tx) => startPasswordReset(tx, deps, by, { id, reason: body.reason }));
      },
    }),
    operation({
      ...common,
      id: 'unlockAccount',
      method: 'POST',
      path: '/accounts/{account_id}/unlock',
      summary: 'Forgive wrong codes and passwords',
      refusals: ['not_found', 'administrator_protected'],
      example,
      async handle({ by, params: { account_id: id } }) {
        await aboutMember(deps, id, (tx) => unlockAccount(tx, by, id));
      },
    }),
  ];
}
