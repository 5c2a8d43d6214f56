import { resolve } from 'node:path';
import { readMdsFile, readMdsUrl } from './config/key-models.ts';
import {
  isLoopback,
  type Listener,
  readBaseUrl,
  readHost,
  readMetrics,
  readProxies,
} from './config/listening.ts';
import { readAccent, readBrand, readLink, readLogo } from './config/looks.ts';
import { readAddress, readCountries, readSender, readSmtpUrl, type Sender } from './config/sending.ts';
import { readBucket, readDatabaseUrl } from './config/storage.ts';
import type { Bucket } from './kit/bucket-url.ts';
import { ConfigError, duration, type Environment, oneOf, secret, whole } from './kit/environment.ts';
import type { Argon2Parameters } from './kit/password-hash.ts';

/** All in milliseconds. */
export interface Lifetimes {
  readonly sessionIdle: number;
  readonly sessionMax: number;
  readonly pendingMax: number;
  readonly stepUpMax: number;
  readonly resetMax: number;
  readonly smsCodeMax: number;
  readonly trustedBrowserMax: number;
}

export interface Config extends Sender {
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
  readonly metrics: Listener | null;
  /** The variable that asks for traces by OpenTelemetry, whose SDK reads the rest; `serviceName`: where no variable says it. */
  readonly traces: {
    readonly wantedBy: string;
    /** May hold a password. */
    readonly endpoint: string;
    readonly serviceName: string | null;
  } | null;
  readonly lifetimes: Lifetimes;
}

const DRAIN_TAKES = { longest: 8_000, words: 'a duration such as 3s or 5s, at most 8s' };
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
    mdsFile: readMdsFile(environment),
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
  return environment['DRAIN'] ? duration(environment, 'DRAIN', '', DRAIN_TAKES) : 0;
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
    return { wantedBy: name, endpoint: text, serviceName: named ? null : 'countersign' };
  }
  // It may hold a password.
  throw new ConfigError(name, 'takes the address of a collector, such as http://localhost:4318');
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
