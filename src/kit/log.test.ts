import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog } from './log.ts';

/** A log at its most talkative, and what it wrote. */
function listen(level = 'trace') {
  const lines: string[] = [];
  const log = createLog(
    level,
    new Writable({
      write(chunk, _encoding, next) {
        lines.push(String(chunk));
        next();
      },
    }),
  );
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

test('one line of JSON each, with its level in words and its time', () => {
  const { log, lines, last } = listen();
  log.warn({ parcel: 'p1', attempt: 3 }, 'delivery failed\nto be tried again');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.split('\n')).toHaveLength(2);
  expect(last()).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
    parcel: 'p1',
    attempt: 3,
    msg: 'delivery failed\nto be tried again',
  });
});

test('below its level nothing is written', () => {
  const { log, lines } = listen('error');
  log.info({ a: 1 }, 'quiet');
  expect(lines).toEqual([]);
});

describe('R76: what stands under the name of a secret is never printed', () => {
  const names = [
    ...[
      'password',
      'current_password',
      'newPassword',
      'PASSWORD_HASH',
      'code',
      'codes',
      'recovery_codes',
      'token',
    ],
    ...[
      'access_token',
      'tokenHash',
      'secret',
      'clientSecret',
      'credential',
      'cookie',
      'cookies',
      'set-cookie',
    ],
    ...[
      'Authorization',
      'proxy-authorization',
      'phone',
      'phone_number',
      'key',
      'keys',
      'sealed',
      'sealed_data',
    ],
    ...['smtpUrl', 'SMTP_URL', 'databaseUrl', 'DATABASE_URL'],
  ];

  test.each(names)('%s, at every depth, in lists and in the log’s own names', (name) => {
    const { log, lines } = listen();
    log.trace({ [name]: 'canary' }, 'top');
    log.info({ request: { [name]: 'canary' } }, 'one down');
    log.info({ a: { b: { c: { d: { [name]: { deep: 'canary' } } } } } }, 'far down');
    log.error({ list: [{ [name]: ['canary'] }] }, 'in a list');
    log.child({ [name]: 'canary' }).info('by a child');
    log.info({ a: { b: { c: { d: { e: { f: { g: { h: 'canary' } } } } } } } }, 'deeper than anybody looks');
    expect(lines).toHaveLength(6);
    expect(lines.join('')).not.toContain('canary');
  });

  test('fast-check: whatever the rest of the object looks like', () => {
    const { log, lines } = listen();
    const place = fc.array(fc.constantFrom('a', 'items', 'x-y', '0', 'request'), { maxLength: 8 });
    fc.assert(
      fc.property(place, fc.constantFrom(...names), (path, name) => {
        lines.length = 0;
        log.info(path.reduce<object>((inner, key) => ({ other: 1, [key]: inner }), { [name]: 'canary' }));
        expect(lines.join('')).not.toContain('canary');
      }),
    );
  });

  test('other names are left alone: a log that says nothing helps nobody', () => {
    const { log, last } = listen();
    const facts = {
      requestId: '0123456789abcdef0123456789abcdef',
      path: '/account/security',
      errorCode: 'ECONNREFUSED',
      n: null,
    };
    log.info(facts, 'fine');
    expect(last()).toMatchObject(facts);
  });
});

describe('R76: what has the shape of a secret is not printed either, wherever it stands', () => {
  const TOKEN = `${'aB3_'.repeat(10)}xyz`;
  test.each([
    ['a link with its token', `GET http://localhost:3000/reset-password?token=${TOKEN}`, TOKEN],
    ['a bare token', `session ${TOKEN} ended`, TOKEN],
    ['a code in a query', '/sign-in/factor?code=123456&method=totp', '123456'],
    ['a password in a database’s address', 'postgres://ann:geheim@db/name is away', 'geheim'],
    ['a stored hash', 'no such hash: $argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA', 'c2FsdHNhbHQ'],
    ['a key', 'secret JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'JBSWY3DP'],
    ['a key in groups', 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP', 'Y3DP'],
    ['an otpauth link', 'otpauth://totp/X:ann?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'ann'],
    ['a recovery code', 'code ABCD-EF12-3456-7890 was used', 'EF12'],
    ['a phone number', 'to +49 170 1234567', '1234567'],
  ])('%s', (_what, text, canary) => {
    const { log, lines } = listen();
    log.info(text);
    log.info({ reason: text }, 'as a fact');
    log.info('as a part: %s', text);
    log.error({ err: new Error(text) }, 'as an error');
    log.error(new Error(text));
    log.error({ err: new Error('outer', { cause: new Error(text) }) }, 'as a cause');
    expect(lines).toHaveLength(6);
    expect(lines.join('')).not.toContain(canary);
    expect(lines.join('')).toContain('[redacted]');
  });
});

describe('errors', () => {
  test('name, message, code and place; never what hangs on them', () => {
    const { log, last } = listen();
    const error = Object.assign(new Error('duplicate key value violates unique constraint'), {
      code: '23505',
      detail: 'Key (address_key)=(canary@example.org) already exists.',
      parameters: ['canary'],
    });
    log.error({ err: error, requestId: 'r1' }, 'fault');
    const { err } = last();
    expect(err).toEqual({
      name: 'Error',
      message: 'duplicate key value violates unique constraint',
      errorCode: '23505',
      stack: expect.stringMatching(/^ {4}at .*log\.test\.ts/),
    });
    log.error(error);
    expect(last()).toMatchObject({ msg: error.message, err: { errorCode: '23505' } });
    expect(JSON.stringify(last())).not.toContain('canary');
  });

  test('a message of several lines does not come back in the stack', () => {
    const { log, last } = listen();
    log.error({ err: new Error(`bad\n    ${'x'.repeat(20)} canary line`.repeat(40)) }, 'fault');
    expect(last().err.stack).not.toContain('canary');
    expect(last().err.message.length).toBeLessThanOrEqual(500);
  });

  test('what is no error, a circle and bytes do not break the line', () => {
    const { log, lines } = listen();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    log.error({ err: 'just words' }, 'words');
    log.error({ circle, bytes: Buffer.from('canary'), list: Array(500).fill(1) }, 'things');
    log.error(undefined as never);
    expect(lines.length).toBe(3);
    expect(lines.join('')).not.toContain('canary');
    expect(lines.join('').length).toBeLessThan(3_000);
  });
});
