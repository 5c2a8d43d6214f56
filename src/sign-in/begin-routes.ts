import { z } from 'zod';
import { readAddress } from '../accounts/address.ts';
import type { Deps } from '../deps.ts';
import { forbiddenKinds } from '../factors/accepted.ts';
import { passkeys } from '../factors/all.ts';
import type { Content } from '../kit/html.ts';
import type { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { readNotice, takeNotice } from '../web/flash.ts';
import { credentialField, ownReturnTo, rawText, returnToField, textField } from '../web/input.ts';
import { told } from '../web/refused-form.ts';
import { safeReturnTo } from '../web/return-to.ts';
import { type RefusedPage, type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { checkPassword, HELP } from './check-password.ts';
import { type SignInForm, signInPage } from './pages.ts';
import { signInWithPasskey } from './passkey.ts';

/** Whom an app expects: written into the form for them, and nothing more. */
const hintedEmail: z.ZodType<string> = z
  .any()
  .optional()
  .transform((text) => (typeof text === 'string' && readAddress(text) ? text.trim() : ''));

/** The page on which a sign-in begins: with e-mail and password, or with a passkey. */
export function beginRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  /** `spent`: what a passkey was asked on the page before has been answered. `tried`: a passkey was what was refused. */
  async function show(
    visit: Visit,
    form: Omit<SignInForm, 'passkey'>,
    refusal: Refusal | null = null,
    tried = false,
  ): Promise<RefusedPage> {
    const door = passkeys();
    const spent = refusal?.code === 'passkey_refused';
    const closed = (await forbiddenKinds(deps.database.db)).has(door.kind);
    const question = closed ? null : spent ? door.askAnew(deps, visit) : door.ask(deps, visit);
    const unknown = refusal?.detail.unknownCredential ?? null;
    const passkey = question && {
      form: (fields: Content, page: string) =>
        door.form(deps, visit, { options: question.options, page, unknown, tried, fields }),
      scripts: door.scripts,
    };
    return {
      body: signInPage(site, visit, { ...form, forHelp: form.returnTo === HELP, passkey }),
      cookies: question?.cookies ?? [],
    };
  }

  function showAgain(
    visit: Visit,
    body: Readonly<Record<string, unknown>>,
    query: Readonly<Record<string, unknown>>,
    refusal: Refusal,
    tried: boolean,
  ): Promise<RefusedPage> {
    const returnTo = safeReturnTo(body['return_to'] ?? query['return_to']);
    const form = { email: rawText(body, 'email'), returnTo, ...told(visit, refusal) };
    return show(visit, form, refusal, tried);
  }

  const query = z.object({ return_to: returnToField });
  return [
    route({
      method: 'GET',
      path: '/sign-in',
      level: levels.newcomer,
      query: query.extend({ email: hintedEmail }),
      async handle({ visit, who, query }) {
        const { message, cookies } = takeNotice(visit);
        const told = readNotice(visit);
        const ended = told === 'pending_ended' || told === 'session_over';
        // A code that was sent twice: the first one signed in, and only the second came too late.
        if (who) return seeOther(query.return_to, ended ? { cookies } : {});
        const shown = await show(visit, { email: query.email, returnTo: query.return_to, message, ended });
        return page(shown.body, 200, { cookies: [...cookies, ...shown.cookies] });
      },
    }),
    route({
      method: 'POST',
      path: '/sign-in',
      level: levels.everyone,
      query,
      body: z.strictObject({
        email: textField(320),
        password: textField(1100),
        return_to: ownReturnTo,
      }),
      async handle({ visit, body, query }) {
        const returnTo = body.return_to ?? query.return_to;
        const step = await checkPassword(deps, visit, {
          email: body.email,
          password: body.password,
          returnTo,
        });
        return seeOther(step.next, { cookies: step.cookies });
      },
      mistake: async ({ visit, body, query }, refusal) => showAgain(visit, body, query, refusal, false),
    }),
    route({
      method: 'POST',
      path: '/sign-in/passkey',
      level: levels.everyone,
      formPage: '/sign-in',
      query,
      body: z.strictObject({ credential: credentialField, return_to: ownReturnTo }),
      async handle({ visit, body, query }) {
        const returnTo = body.return_to ?? query.return_to;
        return seeOther(returnTo, { cookies: await signInWithPasskey(deps, visit, body.credential) });
      },
      mistake: async ({ visit, body, query }, refusal) => showAgain(visit, body, query, refusal, true),
    }),
  ];
}
