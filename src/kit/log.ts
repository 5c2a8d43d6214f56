import pino from 'pino';

export type Log = pino.Logger;

/** JSON lines on stdout, each through the one redaction layer below (R76). */
export function createLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // pino's own would describe once more what is described already.
    serializers: { err: (described) => described },
    hooks: {
      logMethod(args, method) {
        const [first, ...rest] = args as unknown[];
        // An error alone: pino would print it with all that hangs on it.
        const named =
          first instanceof Error ? [{ err: first }, ...(rest.length > 0 ? rest : [first.message])] : args;
        method.apply(this, (named as unknown[]).map((value) => redact(value)) as typeof args);
      },
    },
  };
  const log = pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
  const { child } = log;
  log.child = function redactedChild(this: Log, bindings, childOptions) {
    return child.call(this, redact(bindings) as pino.Bindings, childOptions);
  } as typeof child;
  return log;
}

const CENSORED = '[redacted]';

/** What stands under such a name is never printed, at whatever depth. Compared without `-`, `_` and case. */
const SECRET_NAME =
  /password|passphrase|secret|token|credential|cookie|authorization|phone|sealed|recoverycode|^codes?$|^keys?$|(database|smtp|sms|builds)url$/;

/**
 * What is a secret by its shape, wherever it stands: in a sentence, a path, an error of a library that quotes what it
 * was given. A second net; bodies, cookies and queries are not logged in the first place.
 */
const SECRET_SHAPES: readonly [RegExp, string][] = [
  [/otpauth:\/\/\S+/gi, CENSORED],
  [/(:\/\/)[^\s/@]+@/g, `$1${CENSORED}@`],
  [/([?&](?:\w*token|\w*code|session|secret|\w*password|credential)=)[^&\s"']+/gi, `$1${CENSORED}`],
  [/\$argon2\w*\$\S+/g, CENSORED],
  // A bearer token or its hash: 256 bits in base64url.
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, CENSORED],
  // A TOTP key: 160 bits in base32, also in groups of four.
  [/(?<![A-Z2-7])(?:[A-Z2-7]{4} ?){7}[A-Z2-7]{4}(?![A-Z2-7])/g, CENSORED],
  [/(?<![\w-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}(?![\w-])/gi, CENSORED],
  [/\+\d[\d -]{6,16}\d/g, CENSORED],
];

const LONGEST = 2_000;
const DEEPEST = 6;
const MOST_ITEMS = 100;

/** A copy that is safe to print. */
function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error) return describeError(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST || ArrayBuffer.isView(value)) return CENSORED;
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => redact(item, depth + 1));
  const entries = Object.entries(value).map(([name, item]) => [
    name,
    isSecretName(name) && item !== null && item !== undefined ? CENSORED : redact(item, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replace(/[-_]/g, '').toLowerCase());
}

function redactText(text: string): string {
  let safe = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  for (const [shape, by] of SECRET_SHAPES) safe = safe.replace(shape, by);
  return safe;
}

/** A database error carries the row that it refused (`detail`, `parameters`): only the name, message and place are kept. */
function describeError(error: Error): object {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    name: error.name,
    message: redactText(error.message.slice(0, 500)),
    // Not `code`: that name is redacted, since it may be a one-time code.
    ...(typeof code === 'string' ? { errorCode: code } : {}),
    ...(cause instanceof Error ? { cause: redactText(cause.message.slice(0, 500)) } : {}),
    // A message of several lines stands in the stack too.
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 11)
      .join('\n'),
  };
}
