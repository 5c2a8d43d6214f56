import { MINUTE } from '../../kit/clock.ts';
import { Undeliverable } from '../sender.ts';
import { ask, type GatewayKind, refused, remainingLife } from './gateway.ts';

/** A day, in minutes: as long as any code can live that somebody waits for. */
const LONGEST_VALIDITY = 1440;

/** GSM 03.38: what fits the seven bits of an ordinary message, its extension table included. */
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[\]~|€]*$/;

/** Kannel's smsbox and its relatives: `sendsms`, User Guide chapter "Setting up a SMS Gateway". */
export const kannel: GatewayKind = {
  schemes: { 'kannel+http': 'http', 'kannel+https': 'https' },
  // It is a neighbour, and often speaks nothing else.
  plainHttp: 'anywhere',
  takes:
    'kannel+http://USER:PASS@HOST:PORT/cgi-bin/sendsms?from=SENDER or kannel+https://…, with the user and password of a sendsms-user',
  open({ url, user, password, parameters }, clock) {
    if (url.pathname === '/' || user === '' || password === '') return null;
    const from = parameters.get('from');
    return {
      name: 'Kannel',
      origin: url.origin,
      async send({ to, text, expiresAt }, { signal }) {
        const target = new URL(url);
        target.search = new URLSearchParams({
          username: user,
          password,
          ...(from ? { from } : {}),
          // The + goes out as %2B: a bare one would part two numbers.
          to,
          text,
          charset: 'UTF-8',
          ...(GSM.test(text) ? {} : { coding: '2' }),
          validity: remainingLife(expiresAt, clock.now(), MINUTE, LONGEST_VALIDITY),
        }).toString();
        const answer = await ask(target, { method: 'GET' }, signal);
        const taken = answer.status >= 200 && answer.status < 300 && /^[03]:/.test(answer.text);
        if (taken) return;
        const failure = refused(answer);
        throw isAboutNumber(answer.text) ? new Undeliverable(failure.message) : failure;
      },
    };
  },
};

/** No route, or forbidden by the operator's lists. A wrong password has the same status, but other words. */
function isAboutNumber(text: string): boolean {
  return text.startsWith('Not routable') || text.startsWith('Number(s) has/have been denied');
}
