import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseAccent } from './kit/accent.ts';
import { type Bucket, parseBucketUrl } from './kit/bucket-url.ts';
import { ConfigError, duration, type Environment, oneOf, secret, whole } from './kit/environment.ts';
import type { Argon2Parameters } from './kit/password-hash.ts';

export interface Lifetimes {
  /** All in milliseconds. */
  readonly sessionIdle: number;
  readonly sessionMax: number;
  readonly pendingMax: number;
  readonly stepUpMax: number;
  readonly resetMax: number;
  readonly smsCodeMax: number;
  readonly trustedBrowserMax: number;
}

export interface Config {
  readonly port: number;
  readonly host: string;
  /** The public origin, without a trailing slash: `https://id.example.org`. Never taken from a request. */
  readonly baseUrl: string;
  readonly secure: boolean;
  /** Mails and text messages go to `/mailbox` instead of out. */
  readonly localMode: boolean;
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** Connections to PostgreSQL at most; with several instances, each has as many. */
  readonly databasePool: number;
  /** How long `/readyz` says no before the port is closed, in milliseconds: until a load balancer has noticed. */
  readonly drain: number;
  /** Where the files of builds lie; null: in `DATA_DIR/builds`. Holds credentials. */
  readonly bucket: Bucket | null;
  /** The ring itself as JSON, when given in the environment. */
  readonly keys: string | null;
  readonly keysFile: string;
  /** True when `KEYS_FILE` was given, so that a missing file is a mistake and not a first start. */
  readonly keysFileGiven: boolean;
  readonly smtpUrl: string | null;
  /** Which gateway sends text messages; read by `delivery/sms/all.ts`. Holds credentials. */
  readonly smsUrl: string | null;
  /** Whether text messages can be sent at all: to the mailbox in local mode, else by the gateway (R13). */
  readonly textMessages: boolean;
  /** ISO 3166-1 alpha-2 of the countries whose numbers are served; none: all (R15). */
  readonly smsCountries: readonly string[];
  /** Text messages a day of UTC, over all accounts. */
  readonly smsDailyCap: number;
  /** Where FIDO's list of key models is fetched, once administrators demand models; `mdsFile`: or which file it is (R23). */
  readonly mdsUrl: string;
  readonly mdsFile: string | null;
  readonly mailFrom: string;
  /** Who signs mails; null: the brand. */
  readonly mailName: string | null;
  readonly supportEmail: string | null;
  readonly brand: string;
  readonly accent: string | null;
  readonly logoFile: string | null;
  readonly privacyUrl: string | null;
  readonly termsUrl: string | null;
  readonly argon2: Argon2Parameters;
  readonly trustedProxies: readonly string[];
  readonly signUp: 'invite' | 'open';
  readonly passwordMinLength: number;
  readonly logLevel: string;
  /** Where the private listener for `/metrics` is (R85); null: there is none. */
  readonly metrics: { readonly port: number; readonly host: string } | null;
  /** The variable that asks for traces by OpenTelemetry, whose SDK reads the rest; `serviceName`: where no variable says it. */
  readonly traces: { readonly wantedBy: string; readonly serviceName: string | null } | null;
  readonly lifetimes: Lifetimes;
}

const LONGEST_DRAIN_MS = 8_000;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** @throws {ConfigError} */
export function readConfig(environment: Environment): Config {
  const port = whole(environment, 'PORT', 3000, 1, 65_535);
  const base = readBaseUrl(environment, port);
  const onLoopback = isLoopback(base.hostname);
  const smtpUrl = readSmtpUrl(environment);
  if (!onLoopback && smtpUrl === null) {
    throw new ConfigError(
      'SMTP_URL',
      `must be set when BASE_URL is not on localhost, to smtp://… or smtps://…`,
    );
  }
  const supportEmail = readAddress(environment, 'SUPPORT_EMAIL');
  if (smtpUrl !== null && supportEmail === null) {
    throw new ConfigError(
      'SUPPORT_EMAIL',
      'must be set together with SMTP_URL, to an e-mail address that people can write to',
    );
  }
  const localMode = onLoopback && smtpUrl === null;
  const smsUrl = secret(environment, 'SMS_URL');
  const brand = readBrand(environment);
  const dataDir = resolve(environment['DATA_DIR'] || 'data');
  return {
    port,
    host: readHost(environment, 'HOST'),
    baseUrl: base.origin,
    secure: base.protocol === 'https:',
    localMode,
    dataDir,
    databaseUrl: readDatabaseUrl(environment, dataDir),
    databasePool: whole(environment, 'DATABASE_POOL', 20, 2, 1000),
    drain: readDrain(environment),
    bucket: readBucket(environment),
    keys: secret(environment, 'KEYS'),
    keysFile: resolve(environment['KEYS_FILE'] || `${dataDir}/keys.json`),
    keysFileGiven: Boolean(environment['KEYS_FILE']),
    smtpUrl,
    smsUrl,
    textMessages: localMode || smsUrl !== null,
    smsCountries: readCountries(environment),
    smsDailyCap: whole(environment, 'SMS_DAILY_CAP', 1000, 1, 10_000_000),
    mdsUrl: readMdsUrl(environment),
    mdsFile: environment['MDS_FILE'] ? resolve(environment['MDS_FILE']) : null,
    ...readSender(environment, base.hostname),
    supportEmail,
    brand,
    accent: readAccent(environment),
    logoFile: readLogo(environment),
    privacyUrl: readLink(environment, 'PRIVACY_URL'),
    termsUrl: readLink(environment, 'TERMS_URL'),
    argon2: readArgon2(environment, localMode),
    trustedProxies: readProxies(environment),
    signUp: oneOf(environment, 'SIGN_UP', ['invite', 'open'] as const, localMode ? 'open' : 'invite'),
    passwordMinLength: whole(environment, 'PASSWORD_MIN_LENGTH', 12, 8, 128),
    logLevel: oneOf(environment, 'LOG_LEVEL', LOG_LEVELS, 'info'),
    metrics: readMetrics(environment, port),
    traces: readTraces(environment),
    lifetimes: {
      sessionIdle: duration(environment, 'SESSION_IDLE', '30m'),
      sessionMax: duration(environment, 'SESSION_MAX', '12h'),
      pendingMax: duration(environment, 'PENDING_MAX', '10m'),
      stepUpMax: duration(environment, 'STEP_UP_MAX', '10m'),
      resetMax: duration(environment, 'RESET_MAX', '30m'),
      smsCodeMax: duration(environment, 'SMS_CODE_MAX', '5m'),
      trustedBrowserMax: duration(environment, 'TRUSTED_BROWSER_MAX', '30d'),
    },
  };
}

/** With what follows it, a stop takes 10 seconds at most. */
function readDrain(environment: Environment): number {
  const drain = environment['DRAIN'] ? duration(environment, 'DRAIN', '') : 0;
  if (drain > LONGEST_DRAIN_MS)
    throw new ConfigError('DRAIN', `takes a duration of at most 8s, not "${environment['DRAIN']}"`);
  return drain;
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]' || hostname === '::1';
}

function readHost(environment: Environment, name: 'HOST' | 'METRICS_HOST'): string {
  const host = environment[name] || '127.0.0.1';
  if (isIP(host) === 0 && !/^[a-z0-9.-]+$/i.test(host)) {
    throw new ConfigError(name, `takes an address or a host name to listen on, not "${host}"`);
  }
  return host;
}

/** Never on the port of the public listener, whatever the address: a proxy would hand it out (R85). */
function readMetrics(environment: Environment, publicPort: number): Config['metrics'] {
  if (!environment['METRICS_PORT']) {
    if (environment['METRICS_HOST'])
      throw new ConfigError('METRICS_HOST', 'says where METRICS_PORT listens, which is not set');
    return null;
  }
  const port = whole(environment, 'METRICS_PORT', 0, 1, 65_535);
  if (port === publicPort)
    throw new ConfigError('METRICS_PORT', `takes a port of its own, not ${port}, which is PORT's`);
  return { port, host: readHost(environment, 'METRICS_HOST') };
}

const TRACES = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];

function readTraces(environment: Environment): Config['traces'] {
  const name = TRACES.find((one) => environment[one]);
  const off = /^true$/i.test(environment['OTEL_SDK_DISABLED'] ?? '');
  if (name === undefined || off || environment['OTEL_TRACES_EXPORTER'] === 'none') return null;
  const text = environment[name] as string;
  if (/^https?:\/\//.test(text) && URL.canParse(text)) {
    const named =
      environment['OTEL_SERVICE_NAME'] ||
      /\bservice\.name=/.test(environment['OTEL_RESOURCE_ATTRIBUTES'] ?? '');
    return { wantedBy: name, serviceName: named ? null : 'countersign' };
  }
  // It may hold a password.
  throw new ConfigError(name, 'takes the address of a collector, such as http://localhost:4318');
}

function readBaseUrl(environment: Environment, port: number): URL {
  const text = environment['BASE_URL'] || `http://localhost:${port}`;
  const takes = 'takes the public origin, such as https://id.example.org, without a path';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new ConfigError('BASE_URL', `${takes}, not "${text}"`);
  if (url.pathname !== '/' || url.search || url.hash || url.username || url.password) {
    throw new ConfigError('BASE_URL', `${takes}, not "${text}"`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new ConfigError('BASE_URL', `must begin with https:// except on localhost, not "${text}"`);
  }
  return url;
}

function readDatabaseUrl(environment: Environment, dataDir: string): string {
  const text = secret(environment, 'DATABASE_URL') ?? `sqlite:${dataDir}/countersign.db`;
  if (/^sqlite:.+/.test(text)) return text;
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new ConfigError('DATABASE_URL', 'takes sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME');
}

function readBucket(environment: Environment): Bucket | null {
  const text = secret(environment, 'BUILDS_URL');
  if (text === null) return null;
  const bucket = parseBucketUrl(text);
  if (bucket) return bucket;
  throw new ConfigError(
    'BUILDS_URL',
    'takes s3://KEY:SECRET@HOST[:PORT]/BUCKET[?region=REGION&tls=no], with KEY and SECRET percent-encoded',
  );
}

function readSmtpUrl(environment: Environment): string | null {
  const text = secret(environment, 'SMTP_URL');
  if (text === null) return null;
  if (!/^smtps?:\/\/.+/.test(text) || !URL.canParse(text)) {
    throw new ConfigError('SMTP_URL', 'takes smtp://USER:PASSWORD@HOST:PORT or smtps://…');
  }
  return text;
}

function readCountries(environment: Environment): readonly string[] {
  const text = environment['SMS_COUNTRIES'];
  if (!text) return [];
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const countries = text.split(',').map((part) => {
    const country = part.trim().toUpperCase();
    if (!/^[A-Z]{2}$/.test(country) || names.of(country) === undefined) {
      throw new ConfigError(
        'SMS_COUNTRIES',
        `takes a comma-separated list of two-letter country codes such as ES,PT, not "${part}"`,
      );
    }
    // UK is GB.
    return new Intl.Locale('und', { region: country }).region as string;
  });
  return [...new Set(countries)];
}

function readMdsUrl(environment: Environment): string {
  const text = environment['MDS_URL'] || 'https://mds3.fidoalliance.org/';
  if (/^https:\/\//.test(text) && URL.canParse(text)) return text;
  throw new ConfigError('MDS_URL', `takes an address that begins with https://, not "${text}"`);
}

function readAddress(environment: Environment, name: string): string | null {
  const text = environment[name];
  if (!text) return null;
  if (!/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(text)) {
    throw new ConfigError(name, `takes one e-mail address, not "${text}"`);
  }
  return text;
}

/** `id@example.org` or, as other servers write it, `Acme <id@example.org>`. */
function readSender(environment: Environment, hostname: string): Pick<Config, 'mailFrom' | 'mailName'> {
  const named = /^(?:"([^"\p{Cc}]*)" ?|([^"<>,@\p{Cc}]*))<([^<>]+)>$/u.exec(environment['MAIL_FROM'] ?? '');
  const MAIL_FROM = named ? named[3] : environment['MAIL_FROM'];
  const mailName = (named?.[1] ?? named?.[2] ?? '').trim() || null;
  return { mailFrom: readAddress({ MAIL_FROM }, 'MAIL_FROM') ?? `no-reply@${hostname}`, mailName };
}

function readBrand(environment: Environment): string {
  const brand = (environment['BRAND'] || 'Countersign').trim();
  // A colon would end the issuer in an otpauth label; control characters would break mail headers.
  if (brand.length < 1 || brand.length > 40 || /[\p{Cc}:]/u.test(brand)) {
    throw new ConfigError('BRAND', 'takes a name of 1 to 40 characters without a colon');
  }
  return brand;
}

function readAccent(environment: Environment): string | null {
  const text = environment['BRAND_COLOR'];
  if (!text) return null;
  const accent = parseAccent(text);
  if (accent === null)
    throw new ConfigError('BRAND_COLOR', `takes a CSS colour such as #1f3a8a, not "${text}"`);
  if (accent.contrast < 4.5) {
    // Cut, not rounded: 4.48 must not be refused as "4.5".
    const found = Math.floor(accent.contrast * 100) / 100;
    throw new ConfigError(
      'BRAND_COLOR',
      `takes a colour with a contrast of at least 4.5 to white; "${text}" has ${found}`,
    );
  }
  return accent.hex;
}

function readLogo(environment: Environment): string | null {
  const file = environment['BRAND_LOGO'];
  if (!file) return null;
  const path = resolve(file);
  if (isPicture(path)) return path;
  throw new ConfigError(
    'BRAND_LOGO',
    `takes the path of an SVG or PNG file of at most 256 KiB, not "${file}"`,
  );
}

/** By its contents too: a page with a broken picture is found by people, not at the start. */
function isPicture(path: string): boolean {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > 262_144) return false;
    if (/\.png$/i.test(path)) return bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    return /\.svg$/i.test(path) && /<svg[\s>]/.test(bytes.toString('utf8'));
  } catch {
    return false;
  }
}

function readLink(environment: Environment, name: string): string | null {
  const text = environment[name];
  if (!text) return null;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new ConfigError(name, `takes a web address, not "${text}"`);
  return text;
}

/** Below OWASP's floor only on a developer's own machine, where nobody else's password is stored (R3). */
function readArgon2(environment: Environment, localMode: boolean): Argon2Parameters {
  const text = environment['ARGON2'] || 'm=19456,t=2,p=1';
  const found = /^m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})$/.exec(text);
  const [least, passes] = localMode ? [64, 1] : [19_456, 2];
  const takes = `takes m=KIB,t=PASSES,p=LANES with m of at least ${least}, t of at least ${passes} and p from 1 to 16`;
  if (!found) throw new ConfigError('ARGON2', `${takes}, not "${text}"`);
  const [m, t, p] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (m < least || m < 8 * p || m > 4_194_304 || t < passes || p < 1 || p > 16) {
    throw new ConfigError('ARGON2', `${takes}, not "${text}"`);
  }
  return { m, t, p };
}

function readProxies(environment: Environment): readonly string[] {
  const text = environment['TRUSTED_PROXIES'];
  if (!text) return [];
  const ranges = text.split(',').map((range) => range.trim());
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    // `/0` would be everybody, who could then say where they come from (R58).
    const narrow = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= most);
    if (isIP(address) === 0 || !narrow) {
      throw new ConfigError('TRUSTED_PROXIES', `takes a comma-separated list of CIDR ranges, not "${range}"`);
    }
  }
  return ranges;
}
