import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { ConfigError } from './kit/environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, contents: string | Buffer): string => {
  writeFileSync(join(folder, name), contents);
  return join(folder, name);
};

function refusalOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

test('nothing set: local mode on port 3000, in the folder data', () => {
  expect(readConfig({})).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    baseUrl: 'http://localhost:3000',
    secure: false,
    localMode: true,
    dataDir: resolve('data'),
    databaseUrl: `sqlite:${resolve('data')}/countersign.db`,
    keys: null,
    keysFile: resolve('data/keys.json'),
    keysFileGiven: false,
    smtpUrl: null,
    smsUrl: null,
    textMessages: true,
    smsCountries: [],
    smsDailyCap: 1000,
    supportEmail: null,
    brand: 'Countersign',
    accent: null,
    argon2: { m: 19_456, t: 2, p: 1 },
    trustedProxies: [],
    signUp: 'open',
    passwordMinLength: 12,
    logLevel: 'info',
    lifetimes: {
      sessionIdle: 30 * 60_000,
      sessionMax: 12 * 3_600_000,
      pendingMax: 10 * 60_000,
      stepUpMax: 10 * 60_000,
      resetMax: 30 * 60_000,
      smsCodeMax: 5 * 60_000,
      trustedBrowserMax: 30 * 86_400_000,
    },
  });
});

test('set to nothing counts as not set', () => {
  const names = [
    'PORT',
    'HOST',
    'BASE_URL',
    'DATA_DIR',
    'DATABASE_URL',
    'DATABASE_POOL',
    'DRAIN',
    'KEYS',
    'KEYS_FILE',
    'SMTP_URL',
    'SMS_URL',
    'BUILDS_URL',
    'SMS_COUNTRIES',
    'SMS_DAILY_CAP',
    'MDS_URL',
    'MDS_FILE',
    'BRAND',
    'ARGON2',
  ];
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}));
});

const PUBLIC = {
  BASE_URL: 'https://id.example.org',
  SMTP_URL: 'smtp://mail',
  SUPPORT_EMAIL: 'help@example.org',
};

test('a public house: https, mails, sign-up by invitation', () => {
  expect(readConfig(PUBLIC)).toMatchObject({
    baseUrl: 'https://id.example.org',
    secure: true,
    localMode: false,
    mailFrom: 'no-reply@id.example.org',
    supportEmail: 'help@example.org',
    signUp: 'invite',
  });
  const other = readConfig({ ...PUBLIC, BASE_URL: 'https://ID.example.org:8443/' });
  expect(other.baseUrl).toBe('https://id.example.org:8443');
});

test.each([
  ['id@example.org', null, 'id@example.org'],
  ['Sign-in of Acme <id@example.org>', 'Sign-in of Acme', 'id@example.org'],
  ['"Acme, Inc." <id@example.org>', 'Acme, Inc.', 'id@example.org'],
  ['<id@example.org>', null, 'id@example.org'],
])('the sender of mails as everybody writes it: %s', (text, mailName, mailFrom) => {
  expect(readConfig({ ...PUBLIC, MAIL_FROM: text })).toMatchObject({ mailName, mailFrom });
});

test('R13: text messages are off outside local mode until there is a gateway', () => {
  expect(readConfig(PUBLIC)).toMatchObject({ smsUrl: null, textMessages: false });
  const on = readConfig({ ...PUBLIC, SMS_URL_FILE: file('sms', 'kannel+http://u:p@gw/cgi-bin/sendsms\n') });
  expect(on).toMatchObject({ smsUrl: 'kannel+http://u:p@gw/cgi-bin/sendsms', textMessages: true });
});

/** Variable, value, and what the refusal must say besides the name. */
/** An organisation's installation: nothing of local mode's leniency. */
const REAL = {
  BASE_URL: 'https://id.example.org',
  SMTP_URL: 'smtp://mail',
  SUPPORT_EMAIL: 'help@example.org',
};

const wrong: [name: string, value: string, takes: string, more?: Record<string, string>][] = [
  ['PORT', 'eighty', 'takes a whole number from 1 to 65535, not "eighty"'],
  ['PORT', '0', 'takes a whole number'],
  ['DATABASE_POOL', '1', 'takes a whole number from 2 to 1000, not "1"'],
  ['DRAIN', '9s', 'takes a duration such as 3s or 5s, at most 8s, not "9s"'],
  ['DRAIN', 'long', 'takes a duration such as 3s or 5s, at most 8s, not "long"'],
  ['PORT', '65536', 'takes a whole number'],
  ['PORT', '3000.5', 'takes a whole number'],
  ['PORT', ' 3000', 'takes a whole number'],
  ['PORT', '1e3', 'takes a whole number'],
  ['HOST', 'here and there', 'takes an address or a host name'],
  ['HOST', 'http://localhost', 'takes an address or a host name'],
  ['BASE_URL', 'id.example.org', 'takes the public origin, such as https://id.example.org, without a path'],
  ['BASE_URL', 'ftp://id.example.org', 'takes the public origin'],
  ['BASE_URL', 'https://id.example.org/auth', 'takes the public origin'],
  ['BASE_URL', 'https://id.example.org/?a=b', 'takes the public origin'],
  ['BASE_URL', 'https://id.example.org/#top', 'takes the public origin'],
  ['BASE_URL', 'https://ann@id.example.org', 'takes the public origin'],
  ['BASE_URL', 'http://id.example.org', 'must begin with https:// except on localhost'],
  ['BASE_URL', 'http://localhost.example.org', 'must begin with https:// except on localhost'],
  ['BASE_URL', 'http://192.168.1.5:3000', 'must begin with https:// except on localhost'],
  ['DATABASE_URL', 'mysql://a@b/c', 'takes sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME'],
  ['DATABASE_URL', 'sqlite:', 'takes sqlite:PATH'],
  ['DATABASE_URL', './countersign.db', 'takes sqlite:PATH'],
  ['DATABASE_URL', 'postgres://a b', 'takes sqlite:PATH'],
  ['SMTP_URL', 'mail.example.org', 'takes smtp://USER:PASSWORD@HOST:PORT or smtps://…'],
  ['SMTP_URL', 'smtp://', 'takes smtp://'],
  ['SMTP_URL', 'https://mail.example.org', 'takes smtp://'],
  ['SMTP_URL_FILE', '/nowhere/smtp', 'names a file that cannot be read: /nowhere/smtp'],
  ['DATABASE_URL_FILE', '/nowhere/db', 'names a file that cannot be read: /nowhere/db'],
  ['SMTP_URL_FILE', '/nowhere/smtp', 'and SMTP_URL are both set', { SMTP_URL: 'smtp://mail' }],
  ['KEYS_FILE', '/nowhere/keys', 'and KEYS are both set', { KEYS: '{}' }],
  ['SMS_URL_FILE', '/nowhere/sms', 'names a file that cannot be read: /nowhere/sms'],
  ['BUILDS_URL', 's3://host/bucket', 'takes s3://KEY:SECRET@HOST[:PORT]/BUCKET[?region=REGION&tls=no]'],
  ['BUILDS_URL_FILE', '/nowhere/builds', 'names a file that cannot be read: /nowhere/builds'],
  ['SMS_COUNTRIES', 'ES,Portugal', 'takes a comma-separated list of two-letter country codes'],
  ['SMS_COUNTRIES', 'ES,', 'takes a comma-separated list of two-letter country codes such as ES,PT, not ""'],
  ['SMS_COUNTRIES', 'QQ', 'takes a comma-separated list of two-letter country codes'],
  ['SMS_COUNTRIES', 'EU', 'takes a comma-separated list of two-letter country codes such as ES,PT, not "EU"'],
  ['SMS_COUNTRIES', 'ES,ic', 'such as ES,PT, not "ic"'],
  ['SMS_COUNTRIES', 'ZZ', 'takes a comma-separated list of two-letter country codes'],
  ['SMS_DAILY_CAP', '0', 'takes a whole number from 1 to'],
  ['SMS_DAILY_CAP', 'none', 'takes a whole number from 1 to'],
  ['MDS_URL', 'http://mds.example/', 'takes an address that begins with https://'],
  ['MDS_URL', 'https:// ', 'takes an address that begins with https://'],
  ['MDS_FILE', '/nowhere/list', 'names a file that cannot be read: /nowhere/list'],
  ['MDS_FILE', '/', 'names a file that cannot be read: /'],
  ['MAIL_FROM', 'Ann <ann@example.org>, Ben <ben@example.org>', 'or Name <id@example.org>'],
  ['MAIL_FROM', 'Ann <ann@example.org> <ben@example.org>', 'or Name <id@example.org>'],
  ['MAIL_FROM', 'Ann\r\nBcc: b@example.org <ann@example.org>', 'or Name <id@example.org>'],
  ['MAIL_FROM', 'Ann <ann>', 'or Name <id@example.org>'],
  ['MAIL_FROM', 'a@example.org,b@example.org', 'or Name <id@example.org>'],
  ['MAIL_FROM', 'a@example.org\nBcc: b@example.org', 'or Name <id@example.org>'],
  ['SUPPORT_EMAIL', 'help', 'takes one e-mail address'],
  ['BRAND', 'x'.repeat(41), 'takes a name of 1 to 40 characters without a colon'],
  ['BRAND', 'Ours: theirs', 'takes a name of 1 to 40 characters without a colon'],
  ['BRAND', 'Two\nlines', 'takes a name of 1 to 40 characters without a colon'],
  ['BRAND', '  ', 'takes a name of 1 to 40 characters without a colon'],
  ['BRAND_COLOR', 'bluish', 'takes a CSS colour such as #1f3a8a, not "bluish"'],
  ['BRAND_COLOR', '#12345', 'takes a CSS colour'],
  ['BRAND_COLOR', 'yellow', 'takes a colour with a contrast of at least 4.5 to white; "yellow" has 1.07'],
  ['BRAND_COLOR', '#777777', 'takes a colour with a contrast of at least 4.5 to white; "#777777" has 4.47'],
  ['BRAND_LOGO', '/nowhere/logo.svg', 'takes the path of an SVG or PNG file of at most 256 KiB'],
  ['BRAND_LOGO', file('logo.gif', 'GIF89a'), 'takes the path of an SVG or PNG file'],
  ['BRAND_LOGO', file('text.png', 'no picture'), 'takes the path of an SVG or PNG file'],
  ['BRAND_LOGO', file('text.svg', '<html></html>'), 'takes the path of an SVG or PNG file'],
  [
    'BRAND_LOGO',
    file('large.svg', `<svg>${' '.repeat(262_144)}</svg>`),
    'takes the path of an SVG or PNG file',
  ],
  ['PRIVACY_URL', 'javascript:alert(1)', 'takes a web address'],
  ['TERMS_URL', '/terms', 'takes a web address'],
  ['ARGON2', 'm=19456', 'takes m=KIB,t=PASSES,p=LANES'],
  ['ARGON2', 'm=19455,t=2,p=1', 'takes m=KIB,t=PASSES,p=LANES with m of at least 19456', REAL],
  ['ARGON2', 'm=19456,t=1,p=1', 'takes m=KIB', REAL],
  ['ARGON2', 'm=63,t=1,p=1', 'takes m=KIB,t=PASSES,p=LANES with m of at least 64'],
  ['ARGON2', 'm=19456,t=2,p=17', 'takes m=KIB'],
  ['ARGON2', 'm=9999999,t=2,p=1', 'takes m=KIB'],
  ['TRUSTED_PROXIES', 'proxy.example.org', 'takes a comma-separated list of CIDR ranges'],
  ['TRUSTED_PROXIES', '10.0.0.0/33', 'takes a comma-separated list of CIDR ranges, not "10.0.0.0/33"'],
  ['TRUSTED_PROXIES', '10.0.0.1,', 'takes a comma-separated list'],
  ['TRUSTED_PROXIES', '::1/129', 'takes a comma-separated list'],
  [
    'TRUSTED_PROXIES',
    '0.0.0.0/0',
    'takes a comma-separated list of CIDR ranges, not "0.0.0.0/0": such as 127.0.0.1/32, and never everybody (/0)',
  ],
  ['TRUSTED_PROXIES', '10.0.0.0/8, ::/0', 'takes a comma-separated list of CIDR ranges, not "::/0"'],
  ['SIGN_UP', 'closed', 'takes invite or open, not "closed"'],
  ['PASSWORD_MIN_LENGTH', '7', 'takes a whole number from 8 to 128, not "7"'],
  ['PASSWORD_MIN_LENGTH', '129', 'takes a whole number from 8 to 128'],
  ['LOG_LEVEL', 'loud', 'takes fatal or error or warn or info or debug or trace or silent, not "loud"'],
  ...[
    'SESSION_IDLE',
    'SESSION_MAX',
    'PENDING_MAX',
    'STEP_UP_MAX',
    'RESET_MAX',
    'SMS_CODE_MAX',
    'TRUSTED_BROWSER_MAX',
  ].flatMap((name) =>
    ['10', '0s', '-5m', '1.5h', '10 m', 'soon', '4000d', '999999999d'].map(
      (value): [string, string, string] => [
        name,
        value,
        `takes a duration such as 30s, 10m, 12h or 30d, at most 3650d, not "${value}"`,
      ],
    ),
  ),
];

describe('a wrong value refuses, naming the variable and what it takes', () => {
  test.each(wrong)('%s=%s', (name, value, takes, more = {}) => {
    const message = refusalOf({ [name]: value, ...more });
    expect(message.startsWith(`${name} `)).toBe(true);
    expect(message).toContain(takes);
  });

  test('every variable of the table is among them', () => {
    const names = new Set(wrong.map(([name]) => name));
    const known = Object.keys(readConfig({}).lifetimes).length;
    expect([...names].filter((name) => name.endsWith('_MAX') || name.endsWith('_IDLE'))).toHaveLength(known);
  });

  test('what belongs together is asked for together', () => {
    expect(refusalOf({ BASE_URL: 'https://id.example.org' })).toMatch(
      /^SMTP_URL must be set when BASE_URL is not on/,
    );
    expect(refusalOf({ SMTP_URL: 'smtp://mail' })).toMatch(
      /^SUPPORT_EMAIL must be set together with SMTP_URL/,
    );
  });

  test('a secret is not repeated', () => {
    for (const [name, value] of [
      ['SMTP_URL', 'http://ann:geheim@mail'],
      ['DATABASE_URL', 'mysql://ann:geheim@db/x'],
      ['BUILDS_URL', 's3://ann:geheim@host/'],
    ] as const) {
      expect(refusalOf({ [name]: value })).not.toContain('geheim');
    }
  });
});

describe('what is taken', () => {
  test.each([
    ['BASE_URL', 'http://127.0.0.1:4000', { baseUrl: 'http://127.0.0.1:4000', localMode: true }],
    ['BASE_URL', 'https://localhost', { baseUrl: 'https://localhost', secure: true, localMode: true }],
    ['PORT', '8080', { port: 8080, baseUrl: 'http://localhost:8080' }],
    ['HOST', '::1', { host: '::1' }],
    ['DATABASE_POOL', '5', { databasePool: 5 }],
    ['DRAIN', '5s', { drain: 5_000 }],
    ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
    ['DATABASE_URL', 'postgres://u:p@db:5432/name', { databaseUrl: 'postgres://u:p@db:5432/name' }],
    ['DATABASE_URL', 'postgresql://db/name', { databaseUrl: 'postgresql://db/name' }],
    ['KEYS_FILE', '/run/keys', { keysFile: '/run/keys', keysFileGiven: true }],
    ['KEYS', '{"active":"k"}', { keys: '{"active":"k"}' }],
    ['BRAND', ' Acme & Söhne ', { brand: 'Acme & Söhne' }],
    ['BRAND_COLOR', 'Navy', { accent: '#000080' }],
    ['BRAND_COLOR', '#070', { accent: '#007700' }],
    ['BRAND_COLOR', 'rgb(20, 40, 90)', { accent: '#14285a' }],
    ['BRAND_COLOR', 'hsl(220, 60%, 30%)', { accent: '#1f3d7a' }],
    [
      'BRAND_LOGO',
      file('logo.svg', '<?xml version="1.0"?><svg xmlns="x"/>'),
      { logoFile: join(folder, 'logo.svg') },
    ],
    [
      'BRAND_LOGO',
      file('l.PNG', Buffer.from('89504e470d0a1a0a00', 'hex')),
      { logoFile: join(folder, 'l.PNG') },
    ],
    // On a developer's own machine only (R3).
    ['ARGON2', 'm=64,t=1,p=1', { argon2: { m: 64, t: 1, p: 1 } }],
    ['ARGON2', 'm=65536,t=3,p=4', { argon2: { m: 65_536, t: 3, p: 4 } }],
    ['TRUSTED_PROXIES', '10.0.0.0/8, ::1, fd00::/8', { trustedProxies: ['10.0.0.0/8', '::1', 'fd00::/8'] }],
    ['SUPPORT_EMAIL', 'help@example.org', { supportEmail: 'help@example.org', localMode: true }],
    ['SMS_URL', 'webhook+https://gw', { smsUrl: 'webhook+https://gw', localMode: true, textMessages: true }],
    ['SMS_COUNTRIES', 'es, PT,uk,es', { smsCountries: ['ES', 'PT', 'GB'] }],
    ['SMS_DAILY_CAP', '25', { smsDailyCap: 25 }],
    ['SIGN_UP', 'invite', { signUp: 'invite' }],
    ['PASSWORD_MIN_LENGTH', '8', { passwordMinLength: 8 }],
  ])('%s=%s', (name, value, config) => {
    expect(readConfig({ [name]: value })).toMatchObject(config);
  });

  test.each([
    ['3s', 3_000],
    ['250ms', 250],
    ['10m', 600_000],
    ['12h', 43_200_000],
    ['3650d', 315_360_000_000],
  ])('a duration of %s', (text, milliseconds) => {
    expect(readConfig({ PENDING_MAX: text }).lifetimes.pendingMax).toBe(milliseconds);
  });

  test('NAME_FILE: the secret from a file, without the line break at its end', () => {
    const smtp = file('smtp', 'smtps://ann:geheim@mail.example.org\n');
    const database = file('database', 'postgres://u:p@db/name\r\n');
    expect(
      readConfig({ SMTP_URL_FILE: smtp, DATABASE_URL_FILE: database, SUPPORT_EMAIL: 'help@example.org' }),
    ).toMatchObject({
      smtpUrl: 'smtps://ann:geheim@mail.example.org',
      databaseUrl: 'postgres://u:p@db/name',
      localMode: false,
    });
    const builds = file('builds', 's3://k:geheim@s3.example.org/builds\n');
    expect(readConfig({ BUILDS_URL_FILE: builds }).bucket).toMatchObject({ secretAccessKey: 'geheim' });
    expect(refusalOf({ SMTP_URL_FILE: file('empty', '\n') })).toMatch(/^SMTP_URL takes /);
  });
});
