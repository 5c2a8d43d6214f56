import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { describeFailure } from '../../src/delivery/retry.ts';
import { Undeliverable } from '../../src/delivery/sender.ts';
import { openGateway } from '../../src/delivery/sms/all.ts';
import { ConfigError } from '../../src/kit/environment.ts';
import { ManualClock } from '../kit/clock.ts';
import {
  type Answering,
  type Asked,
  answering,
  hanging,
  startTextGateway,
  type TextGateway,
} from '../kit/text-gateway.ts';

const NUMBER = '+34600123456';
const TEXT = '481516 es tu código para Acme & Co. No se lo digas a nadie.';
const SECRET = 'ein-sehr-geheimes-Wort';
const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;

interface Subject {
  readonly name: string;
  url(port: number, tls?: boolean): string;
  readonly accepts: Answering;
  /** What it answers for a number that will never do. */
  readonly badNumber: Answering;
  /** Number and text, as the gateway understands them. */
  understood(asked: Asked): { to: string | null; text: string | null };
}

const twilioError = (status: number, code: number) =>
  answering(status, JSON.stringify({ code, message: `The 'To' number ${NUMBER} is not valid`, status }));

const SUBJECTS: readonly Subject[] = [
  {
    name: 'Twilio',
    url: (port, tls) =>
      `twilio${tls ? '' : '+http'}://${ACCOUNT}:${SECRET}@127.0.0.1:${port}?from=+15005550006`,
    accepts: answering(201, JSON.stringify({ sid: 'SM1', status: 'queued', to: NUMBER, body: TEXT })),
    badNumber: twilioError(400, 21_211),
    understood({ body }) {
      const form = new URLSearchParams(body);
      return { to: form.get('To'), text: form.get('Body') };
    },
  },
  {
    name: 'Kannel',
    url: (port, tls) =>
      `kannel+http${tls ? 's' : ''}://tester:${SECRET}@127.0.0.1:${port}/cgi-bin/sendsms?from=+34911`,
    accepts: answering(202, '0: Accepted for delivery'),
    badNumber: answering(403, 'Not routable. Do not try again.'),
    understood: ({ parameters }) => ({ to: parameters.get('to'), text: parameters.get('text') }),
  },
  {
    name: 'webhook',
    url: (port, tls) => `webhook+http${tls ? 's' : ''}://127.0.0.1:${port}/texts?tenant=a&secret=${SECRET}`,
    accepts: answering(204),
    badNumber: answering(422, `cannot reach ${NUMBER}`),
    understood: ({ body }) => JSON.parse(body) as { to: string; text: string },
  },
];

let gateway: TextGateway | null = null;
afterEach(async () => {
  await gateway?.stop();
  gateway = null;
});

async function send(
  subject: Subject,
  answer: Answering,
  { tls = false, signal = new AbortController().signal } = {},
): Promise<void> {
  gateway = await startTextGateway(answer, { tls });
  await hand(subject, gateway.port, { tls, signal });
}

async function hand(
  subject: Subject,
  port: number,
  { tls = false, signal = new AbortController().signal, text = TEXT } = {},
): Promise<void> {
  const clock = new ManualClock();
  const message = { to: NUMBER, text, expiresAt: clock.now() + 300_000 };
  await openGateway(subject.url(port, tls), clock).send(message, { id: 'parcel-1', signal });
}

async function failure(sending: Promise<void>): Promise<Error> {
  const error = await sending.then(
    () => null,
    (reason: Error) => reason,
  );
  if (!error) throw new Error('it was taken');
  return error;
}

/** R76: neither what is logged nor the error itself, with all that hangs on it, tells anything. */
function tellsNothing(error: Error): void {
  const everything = [
    describeFailure(error),
    error.stack,
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
    String((error.cause as Error | undefined)?.stack ?? ''),
  ].join('\n');
  expect(everything).not.toMatch(/600123456|481516|geheim|Authorization|Basic |0123456789abcdef/);
  expect(describeFailure(error)).toMatch(/^(\w+ )?the gateway /);
}

describe.each(SUBJECTS)('$name', (subject) => {
  test('hands over number and text, once', async () => {
    await send(subject, subject.accepts);
    expect(gateway?.asked.map(subject.understood)).toMatchObject([{ to: NUMBER, text: TEXT }]);
  });

  test.each([500, 502, 503, 429, 401, 403, 404])('%i is an error that may pass', async (status) => {
    const error = await failure(send(subject, answering(status, `no: ${NUMBER} ${TEXT} ${SECRET}`)));
    expect(error).not.toBeInstanceOf(Undeliverable);
    expect(error.message).toContain(String(status));
    tellsNothing(error);
  });

  test('a number that will never do is not tried again', async () => {
    const error = await failure(send(subject, subject.badNumber));
    expect(error).toBeInstanceOf(Undeliverable);
    tellsNothing(error);
  });

  test('the delivery’s own end counts too', async () => {
    const error = await failure(send(subject, hanging, { signal: AbortSignal.timeout(50) }));
    tellsNothing(error);
  });

  test('a certificate that nobody vouches for is refused before anything is said', async () => {
    const error = await failure(send(subject, subject.accepts, { tls: true }));
    expect(gateway?.asked).toEqual([]);
    expect(describeFailure(error)).toMatch(/^DEPTH_ZERO_SELF_SIGNED_CERT the gateway cannot be asked$/);
    tellsNothing(error);
  });

  test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
    const elsewhere = await startTextGateway(subject.accepts);
    const location = `http://127.0.0.1:${elsewhere.port}/?n=${NUMBER}`;
    const error = await failure(send(subject, answering(status, '', { location })));
    expect(elsewhere.asked).toEqual([]);
    await elsewhere.stop();
    tellsNothing(error);
  });

  test('an endless answer is not read to its end', async () => {
    let written = 0;
    const endless: Answering = (response) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) written += 16_384;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    const begun = performance.now();
    const error = await failure(send(subject, endless));
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(error.message).toContain('500');
    // What lies in the buffers of both ends, and no more.
    expect(written).toBeLessThan(32 * 1024 * 1024);
    tellsNothing(error);
  });

  test('nobody there', async () => {
    gateway = await startTextGateway(subject.accepts);
    const { port } = gateway;
    await gateway.stop();
    gateway = null;
    const error = await failure(hand(subject, port));
    expect(describeFailure(error)).toBe('ECONNREFUSED the gateway cannot be asked');
    tellsNothing(error);
  });
});

test('R16: one that hangs, at once or in the middle of its answer, is given up within five seconds', async () => {
  const halfway: Answering = (response) => response.writeHead(500, { 'content-length': '99' }).write('no');
  const sick = await Promise.all(
    SUBJECTS.flatMap((subject) => [hanging, halfway].map((answer) => giveUp(subject, answer))),
  );
  for (const { took, error } of sick) {
    expect(took).toBeGreaterThan(4_000);
    expect(took).toBeLessThan(5_900);
    expect(error).not.toBeInstanceOf(Undeliverable);
    tellsNothing(error);
  }

  async function giveUp(subject: Subject, answer: Answering) {
    const server = await startTextGateway(answer);
    const begun = performance.now();
    const error = await failure(hand(subject, server.port));
    await server.stop();
    return { took: performance.now() - begun, error };
  }
});

describe('what only one of them does', () => {
  const [twilio, kannel, webhook] = SUBJECTS as [Subject, Subject, Subject];

  test('Twilio: signed in by account and token, sender and life of the code included', async () => {
    await send(twilio, twilio.accepts);
    const [asked] = gateway?.asked ?? [];
    expect(asked).toMatchObject({ method: 'POST', path: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json` });
    const credentials = Buffer.from(`${ACCOUNT}:${SECRET}`).toString('base64');
    expect(asked?.headers['authorization']).toBe(`Basic ${credentials}`);
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      To: NUMBER,
      From: '+15005550006',
      Body: TEXT,
      ValidityPeriod: '300',
    });
  });

  test('Twilio: a messaging service, and an API key for an account that it doesn’t name', async () => {
    const service = `MG${'0123456789abcdef'.repeat(2)}`;
    const subject = {
      ...twilio,
      url: (port: number) =>
        `twilio+http://SK12:${SECRET}@127.0.0.1:${port}/?from=${service}&account=${ACCOUNT}`,
    };
    await send(subject, twilio.accepts);
    const [asked] = gateway?.asked ?? [];
    expect(asked?.path).toContain(`/Accounts/${ACCOUNT}/`);
    const form = new URLSearchParams(asked?.body);
    expect([form.get('MessagingServiceSid'), form.get('From')]).toEqual([service, null]);
  });

  test('Twilio: an error that is ours to mend is tried again', async () => {
    const error = await failure(send(twilio, twilioError(400, 21_606)));
    expect(error).not.toBeInstanceOf(Undeliverable);
    expect(describeFailure(error)).toBe('the gateway answered 400, error 21606');
  });

  test('Kannel: UTF-8, and sixteen bits only where seven don’t do', async () => {
    await send(kannel, kannel.accepts);
    expect(Object.fromEntries(gateway?.asked[0]?.parameters ?? [])).toEqual({
      username: 'tester',
      password: SECRET,
      from: '+34911',
      to: NUMBER,
      text: TEXT,
      charset: 'UTF-8',
      coding: '2',
      validity: '5',
    });
    await gateway?.stop();
    gateway = await startTextGateway(kannel.accepts);
    const english = '481516 is your code for Acme @ home {[~€]}. Never share it with anyone.';
    await hand(kannel, gateway.port, { text: english });
    const parameters = gateway.asked[0]?.parameters;
    expect([parameters?.get('coding'), parameters?.get('text')]).toEqual([null, english]);
  });

  test.each([
    ['3: Queued for later delivery', 202, true],
    ['Sent', 202, false],
    ['<html>0: Welcome to nginx</html>', 200, false],
  ] as const)('Kannel: %s (%i)', async (body, status, taken) => {
    const sending = send(kannel, answering(status, body));
    if (taken) await sending;
    else expect(await failure(sending)).not.toBeInstanceOf(Undeliverable);
  });

  test('Kannel: a wrong password has the status of no route, but is not for good', async () => {
    const error = await failure(send(kannel, answering(403, 'Authorization failed for sendsms')));
    expect(error).not.toBeInstanceOf(Undeliverable);
  });

  test('webhook: the signature proves body and time; the secret is not in the address', async () => {
    await send(webhook, webhook.accepts);
    const [asked] = gateway?.asked ?? [];
    const [, t = '', v1 = ''] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(asked?.headers['countersign-signature'])) ?? [];
    expect(v1).toBe(createHmac('sha256', SECRET).update(`${t}.${asked?.body}`).digest('hex'));
    const at = new ManualClock().now();
    expect(Number(t)).toBe(Math.floor(at / 1000));
    expect(JSON.parse(asked?.body ?? '')).toEqual({ id: 'parcel-1', to: NUMBER, text: TEXT, at });
    expect([asked?.method, asked?.path, String(asked?.parameters)]).toEqual(['POST', '/texts', 'tenant=a']);
    expect(asked?.headers['content-type']).toBe('application/json');
  });

  test('webhook: what the operators’ page says of the signature is so', async () => {
    await send(webhook, webhook.accepts);
    const [asked] = gateway?.asked ?? [];
    const page = readFileSync(new URL('../../docs/text-messages.md', import.meta.url), 'utf8');
    const source = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const { isGenuine } = (await import(
      /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(`${source}export { isGenuine };`)}`
    )) as { isGenuine(header: string, body: string, secret: string, now: number): boolean };
    const header = String(asked?.headers['countersign-signature']);
    const body = asked?.body ?? '';
    const now = new ManualClock().now();
    expect(isGenuine(header, body, SECRET, now + 299_000)).toBe(true);
    expect(isGenuine(header, body, SECRET, now + 302_000)).toBe(false);
    expect(isGenuine(header, `${body} `, SECRET, now)).toBe(false);
    expect(isGenuine(header, body, 'another secret of ours', now)).toBe(false);
    expect(isGenuine('v1=00', body, SECRET, now)).toBe(false);
  });

  test('webhook: the secret may stand where a password stands', async () => {
    await send(
      { ...webhook, url: (port) => `webhook+http://:${SECRET}@127.0.0.1:${port}/` },
      webhook.accepts,
    );
    const [asked] = gateway?.asked ?? [];
    expect(asked?.headers['authorization']).toBeUndefined();
    const [, t, v1] = /^t=(\d+),v1=(\w+)$/.exec(String(asked?.headers['countersign-signature'])) ?? [];
    expect(v1).toBe(createHmac('sha256', SECRET).update(`${t}.${asked?.body}`).digest('hex'));
  });
});

describe('SMS_URL', () => {
  const clock = new ManualClock();

  test.each([
    ['nonsense', 'takes twilio://'],
    ['http://gw.example/?secret=geheimgeheimgeheim', 'takes twilio://'],
    ['constructor://geheim@gw.example', 'takes twilio://'],
    ['twilio://geheim@api.twilio.com?from=+15005550006', 'takes twilio://SID:TOKEN@'],
    ['twilio://SK12:geheim@api.twilio.com?from=Acme', 'takes twilio://SID:TOKEN@'],
    [`twilio://${ACCOUNT}:geheim@api.twilio.com`, 'takes twilio://SID:TOKEN@'],
    [`twilio://${ACCOUNT}:geheim@api.twilio.com?from=a-very-long-name`, 'takes twilio://SID:TOKEN@'],
    [`twilio://${ACCOUNT}:geheim@api.twilio.com:8443?from=+15005550006`, 'takes twilio://SID:TOKEN@'],
    [`twilio+http://${ACCOUNT}:geheim@api.twilio.com?from=+15005550006`, 'takes twilio://SID:TOKEN@'],
    [`twilio://../x:geheim@api.twilio.com?from=+15005550006`, 'takes twilio://SID:TOKEN@'],
    [`twilio://${ACCOUNT}:geheim%@api.twilio.com?from=+15005550006`, 'takes twilio://SID:TOKEN@'],
    ['kannel+http://gw:13013/cgi-bin/sendsms?from=x', 'takes kannel+http://USER:PASS@HOST'],
    ['kannel+http://u:geheim@gw:13013?from=x', 'takes kannel+http://USER:PASS@HOST'],
    ['kannel+http://u:geheim@gw:99999/cgi-bin/sendsms', 'takes kannel+http://USER:PASS@HOST'],
    ['webhook+https://gw.example/hook?secret=geheim', 'takes webhook+https://HOST'],
    ['webhook+https://gw.example/hook', 'with a secret of at least 16 characters'],
    ['webhook+http://gw.example/hook?secret=geheimgeheimgeheim', 'takes webhook+https://HOST'],
  ])('%s is refused without repeating it', (url, takes) => {
    expect(() => openGateway(url, clock)).toThrow(ConfigError);
    expect(() => openGateway(url, clock)).toThrow(/^SMS_URL takes /);
    expect(() => openGateway(url, clock)).toThrow(takes);
    expect(() => openGateway(url, clock)).not.toThrow(/geheim/);
  });

  test.each([
    [`twilio://${ACCOUNT}:x@?from=+15005550006`, 'Twilio', 'https://api.twilio.com'],
    ['twilio://SID:TOKEN@api.twilio.com?from=Acme', 'Twilio', 'https://api.twilio.com'],
    [`twilio://${ACCOUNT}:x@/?from=Acme`, 'Twilio', 'https://api.twilio.com'],
    [
      `TWILIO://${ACCOUNT}:x@api.dublin.ie1.twilio.com?from=My%20App`,
      'Twilio',
      'https://api.dublin.ie1.twilio.com',
    ],
    ['kannel+http://u:p%40ss@GW:13013/cgi-bin/sendsms', 'Kannel', 'http://gw:13013'],
    ['kannel+https://u:p@gw.example/cgi-bin/sendsms?from=x', 'Kannel', 'https://gw.example'],
    ['webhook+https://gw.example?secret=0123456789abcdef', 'webhook', 'https://gw.example'],
  ])('%s', (url, name, origin) => {
    expect(openGateway(url, clock)).toMatchObject({ name, origin });
  });
});
