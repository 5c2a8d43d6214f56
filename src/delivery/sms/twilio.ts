import { SECOND } from '../../kit/clock.ts';
import { Undeliverable } from '../sender.ts';
import { type Answer, ask, type GatewayKind, refused, remainingLife } from './gateway.ts';

/** The longest that Twilio keeps a message, in seconds. */
const LONGEST_VALIDITY = 14_400;

/**
 * What Twilio has against the number and not against us: no number, no mobile, unsubscribed, not reachable from here or
 * not allowed by the account (https://www.twilio.com/docs/api/errors).
 */
const BAD_NUMBERS: ReadonlySet<number> = new Set([
  21211, 21214, 21217, 21219, 21265, 21408, 21610, 21612, 21614, 21635,
]);

/** Twilio's Messages resource of the API of 2010-04-01, and what speaks like it. */
export const twilio: GatewayKind = {
  schemes: { twilio: 'https', 'twilio+http': 'http' },
  plainHttp: 'loopback',
  defaultHost: 'api.twilio.com',
  takes:
    'twilio://SID:TOKEN@api.twilio.com?from=SENDER, where SENDER is a number such as +15005550006, a name of up to 11 letters or a messaging service (MG…)',
  open({ url, user, password, parameters, onLoopback }, clock) {
    const from = parameters.get('from') ?? '';
    // An API key (SK…) signs in for an account that it doesn't name.
    const account = parameters.get('account') ?? user;
    if (!isSender(from) || !/^(?!SK)\w+$/.test(account) || user === '' || password === '') return null;
    if (url.pathname !== '/' || (url.port !== '' && !onLoopback)) return null;
    const target = new URL(`/2010-04-01/Accounts/${account}/Messages.json`, url);
    const sender =
      from.startsWith('MG') && from.length === 34 ? { MessagingServiceSid: from } : { From: from };
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    return {
      name: 'Twilio',
      origin: url.origin,
      async send({ to, text, expiresAt }, { signal }) {
        const body = new URLSearchParams({
          To: to,
          ...sender,
          Body: text,
          ValidityPeriod: remainingLife(expiresAt, clock.now(), SECOND, LONGEST_VALIDITY),
        });
        const answer = await ask(target, { method: 'POST', headers: { authorization }, body }, signal);
        if (answer.status === 201) return;
        const code = errorCode(answer);
        const failure = refused(answer, code === null ? undefined : `error ${code}`);
        throw code !== null && BAD_NUMBERS.has(code) ? new Undeliverable(failure.message) : failure;
      },
    };
  },
};

function isSender(from: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(from) || /^MG[0-9a-f]{32}$/.test(from) || /^[A-Za-z0-9 ]{1,11}$/.test(from);
}

/** The number of Twilio's own error; null where the answer isn't Twilio's. */
function errorCode({ text }: Answer): number | null {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    return typeof code === 'number' && Number.isInteger(code) ? code : null;
  } catch {
    return null;
  }
}
