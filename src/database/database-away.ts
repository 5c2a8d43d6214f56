/** The database does not answer: 503, and nobody is signed in (R84). */
export class DatabaseAway extends Error {
  constructor(cause: unknown) {
    super('the database does not answer', { cause });
    this.name = 'DatabaseAway';
  }
}

/**
 * Class 08 (connection), 57014 (our own time limit), 57P01-57P03 (shutting down, starting), 53300 (too many), and the
 * socket's own errors.
 */
export function isAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true;
  const { code, syscall, message } = error as { code?: unknown; syscall?: unknown; message?: unknown };
  if (typeof code === 'string') {
    if (/^(08|57014|57P0[123]|53300)/.test(code)) return true;
    if (['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN'].includes(code))
      return true;
    // Of a Unix socket; any other file that is not there is no matter of the database.
    if (code === 'ENOENT' && syscall === 'connect') return true;
  }
  return (
    typeof message === 'string' &&
    /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(message)
  );
}
