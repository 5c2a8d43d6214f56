import { speaking } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { makeInvitation, readName } from '../accounts/create-account.ts';
import { makeLink } from '../accounts/link.ts';
import { record } from '../audit/record.ts';
import type { Task } from '../delivery/message.ts';
import type { TaskHandler } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';
import { Refusal, refuseFields } from '../kit/refusal.ts';
import { queueLetter } from '../notices/letters.ts';
import type { Visit } from '../web/visit.ts';
import { isLocale } from '../words/locale.ts';
import { askForMail, findOwner, type MailTask, placeOf } from './ask-for-mail.ts';
import { sendResetLink } from './request-reset.ts';

const SIGN_UP_LIFETIME = DAY;

/**
 * Asks for an account. It is made when the link in the mail is opened and not before: nobody can plant a name or a
 * password for somebody else's address. @throws {Refusal} sign_up_closed, too_many_attempts, invalid_input on `name`, `email`
 */
export async function signUp(deps: Deps, visit: Visit, form: { name: string; email: string }): Promise<void> {
  assertSignUpOpen(deps);
  const name = readName(form.name);
  const wrongAddress = readAddress(form.email) === null;
  if (name === null || wrongAddress)
    throw refuseFields(form, {
      name: name === null && 'name_invalid',
      email: wrongAddress && 'email_invalid',
    });
  await askForMail(deps, visit, 'sign-up', form.email, { name });
}

/** @throws {Refusal} sign_up_closed */
export function assertSignUpOpen({ config }: Pick<Deps, 'config'>): void {
  if (config.signUp !== 'open') throw new Refusal('sign_up_closed');
}

/** The halves of sign-up and of the forgotten password that run behind the answer. */
export function signUpTasks(deps: Deps): Record<MailTask, TaskHandler> {
  return {
    'sign-up': (data) => answerSignUp(deps, data),
    'forgot-password': (data) => sendResetLink(deps, data),
  };
}

async function answerSignUp(deps: Deps, data: Task['data']): Promise<void> {
  const address = readAddress(data['email'] ?? '');
  if (!address) return;
  const { name = '' } = data;
  const locale = isLocale(data['locale']) ? data['locale'] : 'en';
  await deps.database.transaction(async (tx) => {
    const invite = (token: string) =>
      queueLetter(tx, deps, {
        kind: 'sign_up_invitation',
        address: address.address,
        locale,
        token,
        lifetime: SIGN_UP_LIFETIME,
      });
    const owner = await findOwner(tx, address.key);
    if (!owner) {
      const link = {
        purpose: 'invitation',
        accountId: null,
        address: address.address,
        data: { name },
      } as const;
      return invite(await makeLink(tx, deps, { ...link, lifetime: SIGN_UP_LIFETIME }));
    }
    const account = speaking(owner.account, data['locale']);
    if (account.suspended_at !== null) return;
    await record(tx, placeOf(deps, data), { event: 'account.sign_up_requested', subject: account });
    // Whoever made the account never showed that the address is theirs; the one who reads the mail does (R47).
    if (owner.kind === 'primary' && owner.provenAt === null)
      return invite(await makeInvitation(tx, deps, account));
    await queueLetter(tx, deps, { kind: 'sign_up_existing', account: { ...account, email: owner.address } });
  });
}
