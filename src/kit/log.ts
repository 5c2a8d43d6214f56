import pino from 'pino';

export type Log = pino.Logger;

/**
 * JSON lines on stdout. The one redaction layer (R76): whatever somebody puts into a log line under one of these
 * names, at any of these depths, is never printed. Bodies, cookies and queries are not logged in the first place.
 */
const SECRET_NAMES = [
  'password',
  'current_password',
  'new_password',
  'code',
  'token',
  'secret',
  'credential',
  'cookie',
  'authorization',
  'set-cookie',
  'phone',
  'keys',
  'sealed',
  'smtpUrl',
  'databaseUrl',
];

export function createLog(level: string, destination?: pino.DestinationStream): Log {
  const paths = SECRET_NAMES.flatMap((name) => {
    const key = /^\w+$/.test(name) ? `.${name}` : `["${name}"]`;
    return [key.replace(/^\./, ''), `*${key}`, `*.*${key}`];
  });
  const options: pino.LoggerOptions = {
    level,
    base: null,
    redact: { paths, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
  };
  return destination ? pino(options, destination) : pino(options, pino.destination({ dest: 1, sync: true }));
}

/** A database error carries the row that it refused (`detail`, `parameters`): only the name, message and place are kept. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 200) };
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: error.message.slice(0, 500),
    // Not `code`: that name is redacted, since it may be a one-time code.
    ...(typeof code === 'string' ? { errorCode: code } : {}),
    stack: error.stack?.split('\n').slice(1, 12).join('\n'),
  };
}
