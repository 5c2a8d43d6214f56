import { ROLES, rolesOf } from '../accounts/account.ts';
import { DELETION_REASON_LENGTH, deleteAccount } from '../accounts/delete-account.ts';
import { restoreAccount, suspendAccount } from '../accounts/suspend.ts';
import { unlockAccount } from '../accounts/unlock.ts';
import { holdsWords, oneLine } from '../delivery/one-line.ts';
import { RESET_REASON_LENGTH, resetTwoFactor } from '../factors/reset-two-factor.ts';
import { Refusal, type RefusalCode } from '../kit/refusal.ts';
import { addAccount } from './add-account.ts';
import { type Call, type Command, CommandRefused, required, WrongUsage } from './command.ts';
import { byOperator, findByEmail } from './find-account.ts';
import { withDeps } from './open.ts';
import { readPassword } from './read-password.ts';
import { detailLines, detailsOf, summaryLine, summaryOf } from './show-account.ts';
import { eachAccount } from './store.ts';

export const accountCommands: readonly Command[] = [
  {
    name: 'account create',
    takes: '--email E --name N [--role admin|publisher|member] [--password-stdin]',
    does: 'makes an account; without a password prints an invitation link, and mails it',
    options: {
      email: { type: 'string' },
      name: { type: 'string' },
      role: { type: 'string' },
      'password-stdin': { type: 'boolean' },
    },
    run: create,
  },
  { name: 'account list', takes: '', does: 'one line for each account', run: list },
  {
    name: 'account show',
    takes: 'E',
    does: 'factors, sessions and holds of one account',
    operands: ['E'],
    run: show,
  },
  {
    name: 'account suspend',
    takes: 'E',
    does: 'ends every session and stops sign-in',
    operands: ['E'],
    run: suspend,
  },
  {
    name: 'account restore',
    takes: 'E',
    does: 'ends a suspension; keeps an account that was to be deleted',
    operands: ['E'],
    run: restore,
  },
  {
    name: 'account delete',
    takes: 'E --reason R',
    does: 'closes the account and mails the person; it is erased 7 days later',
    operands: ['E'],
    options: { reason: { type: 'string' } },
    run: remove,
  },
  {
    name: 'account reset-two-factor',
    takes: 'E --reason R',
    does: 'removes factors and recovery codes, ends sessions, mails the person',
    operands: ['E'],
    options: { reason: { type: 'string' } },
    run: reset,
  },
  {
    name: 'account unlock',
    takes: 'E',
    does: 'clears the count of wrong codes and passwords',
    operands: ['E'],
    run: unlock,
  },
];

async function create(call: Call): Promise<void> {
  const email = required(call, 'email');
  const name = required(call, 'name');
  const role = ROLES.find((one) => one === (call.option('role') ?? 'member'));
  if (!role)
    throw new WrongUsage(`--role takes ${ROLES.toReversed().join(', ')}, not "${call.option('role')}"`);
  const password = call.flag('password-stdin') ? await readPassword(call) : null;
  await withDeps(call, async (deps) => {
    const { account, invitation } = await addAccount(deps, { email, name, role, password });
    const { id } = account;
    await call.print(`${account.name} <${account.email}> has an account.`, {
      id,
      email: account.email,
      name: account.name,
      roles: rolesOf(account),
      invitation,
    });
    if (invitation === null || call.json) return;
    await call.print(`Invitation link, which works once, within 7 days, and is mailed too:\n${invitation}`);
  });
}

async function list(call: Call): Promise<void> {
  await withDeps(call, async ({ database }) => {
    for await (const account of eachAccount(database.db)) {
      const summary = summaryOf(account);
      await call.print(summaryLine(summary), summary);
    }
  });
}

async function show(call: Call): Promise<void> {
  await withDeps(call, async (deps) => {
    const details = await detailsOf(deps, await findByEmail(deps.database.db, emailOf(call)));
    await call.print(detailLines(details).join('\n'), details);
  });
}

async function suspend(call: Call): Promise<void> {
  await withDeps(call, async (deps) => {
    const { account, sessions, changed } = await deps.database.transaction(async (tx) =>
      suspendAccount(tx, deps, byOperator(deps), (await findByEmail(tx, emailOf(call))).id),
    );
    const line = changed
      ? `${account.email} is suspended. Sessions ended: ${sessions}.`
      : `${account.email} was already suspended.`;
    await call.print(line, { id: account.id, email: account.email, suspended: true, sessions });
  });
}

async function restore(call: Call): Promise<void> {
  await withDeps(call, async (deps) => {
    const { account, changed } = await deps.database.transaction(async (tx) =>
      restoreAccount(tx, deps, byOperator(deps), (await findByEmail(tx, emailOf(call))).id),
    );
    const line = changed ? `${account.email} can sign in again.` : `${account.email} was not suspended.`;
    await call.print(line, { id: account.id, email: account.email, suspended: false });
  });
}

async function remove(call: Call): Promise<void> {
  const reason = reasonOf(call, DELETION_REASON_LENGTH);
  await withDeps(call, async (deps) => {
    const { account, eraseAt, sessions } = await deps.database
      .transaction(async (tx) => {
        const { id } = await findByEmail(tx, emailOf(call));
        return deleteAccount(tx, deps, byOperator(deps), { id, reason, doneBy: 'operator' });
      })
      .catch(explain(call, 'conflict', (email) => `${email} is already going to be deleted.`));
    const at = new Date(eraseAt).toISOString();
    const line = `${account.email} is closed and will be erased at ${at}. Sessions ended: ${sessions}. Until then, \`account restore\` brings it back.`;
    await call.print(line, { id: account.id, email: account.email, erase_at: eraseAt, sessions });
  });
}

/** @throws {WrongUsage} */
function reasonOf(call: Call, length: number): string {
  const reason = oneLine(required(call, 'reason'), Number.POSITIVE_INFINITY);
  // Refused as in the Dashboard: what was cut off may be what the person needs to know.
  if ([...reason].length > length) throw new WrongUsage(`--reason takes at most ${length} characters`);
  if (!holdsWords(reason)) throw new WrongUsage('--reason takes the words that the person reads in the mail');
  return reason;
}

async function reset(call: Call): Promise<void> {
  const reason = reasonOf(call, RESET_REASON_LENGTH);
  await withDeps(call, async (deps) => {
    const reset = deps.database.transaction(async (tx) => {
      const { id } = await findByEmail(tx, emailOf(call));
      return resetTwoFactor(tx, deps, byOperator(deps), { id, reason, doneBy: 'operator' });
    });
    const { account, sessions } = await reset.catch(
      explain(call, 'no_two_factor', (email) => `Two-factor authentication of ${email} is not on.`),
    );
    const line = `Two-factor authentication of ${account.email} is off. Sessions ended: ${sessions}.`;
    await call.print(line, { id: account.id, email: account.email, two_factor: false, sessions });
  });
}

async function unlock(call: Call): Promise<void> {
  await withDeps(call, async (deps) => {
    const account = await deps.database.transaction(async (tx) =>
      unlockAccount(tx, byOperator(deps), (await findByEmail(tx, emailOf(call))).id),
    );
    const line = `Wrong codes and passwords of ${account.email} no longer count.`;
    await call.print(line, { id: account.id, email: account.email });
  });
}

const emailOf = (call: Call): string => call.operands[0] as string;

/** Whose, a page need not say; the operator is told. */
function explain(
  call: Call,
  code: RefusalCode,
  sentence: (email: string) => string,
): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Refusal) || error.code !== code) throw error;
    throw new CommandRefused(code, sentence(emailOf(call)));
  };
}
