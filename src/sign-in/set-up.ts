import { readAddress } from '../accounts/address.ts';
import { complainAboutNew } from '../accounts/choose-password.ts';
import { createAccount, readName } from '../accounts/create-account.ts';
import { findLink, type Link } from '../accounts/link.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal, refuseFields } from '../kit/refusal.ts';
import { beginEnrolment } from '../sessions/enrolment-pass.ts';
import { forget, type SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import { claimSetUp, isStillGood, voidSetUpLinks } from './set-up-link.ts';
import { signOut } from './sign-out.ts';

export interface SetUpForm {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Looks without spending. @throws {Refusal} link_invalid */
export async function findSetUp(db: Db, token: string, now: number): Promise<Link> {
  const link = await findLink(db, 'setup', token, now);
  if (!link || !(await isStillGood(db, link))) throw new Refusal('link_invalid');
  return link;
}

/**
 * Makes the first administrator, whose address the operator vouches for. An administrator must use a second factor: what
 * follows is its enrolment, and the link was the proof beyond the password. -> cookies to set.
 * @throws {Refusal} link_invalid, busy, invalid_input on `name`, `email`, `password`
 */
export async function setUp(deps: Deps, visit: Visit, form: SetUpForm): Promise<readonly SetCookie[]> {
  const link = await findSetUp(deps.database.db, form.token, visit.now);
  const name = readName(form.name);
  const email = readAddress(form.email)?.address;
  const complaint = await complainAboutNew(
    deps,
    { name: name ?? form.name, email: email ?? form.email },
    form.password,
  );
  if (name === null || email === undefined || complaint !== null) {
    throw refuseFields(
      { ...form },
      {
        name: name === null && 'name_invalid',
        email: email === undefined && 'email_invalid',
        password: complaint,
      },
    );
  }
  const passwordHash = await deps.hasher.hash(form.password);
  // Whoever is signed in here is somebody else (R36).
  await signOut(deps, visit);
  const enrolment = await deps.database.transaction(async (tx) => {
    if (!(await claimSetUp(tx, link, visit.now))) throw new Refusal('link_invalid');
    const account = await createAccount(tx, deps, visit, {
      email,
      name,
      roles: ['admin'],
      passwordHash,
      provenAt: visit.now,
      locale: visit.locale,
    });
    await voidSetUpLinks(tx);
    await record(tx, visit, { event: 'setup.completed', subject: account });
    return beginEnrolment(tx, deps, visit, account, true);
  });
  return [...forget('session', 'pending'), { name: 'enrolment', value: enrolment }];
}
