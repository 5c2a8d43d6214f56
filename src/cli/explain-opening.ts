import { DatabaseAway, isAway } from '../database/database-away.ts';
import { WrongDatabase } from '../database/migrate.ts';
import { ConfigError, type Environment } from '../kit/environment.ts';

/** https://sqlite.org/rescode.html, the low byte */
const SQLITE: Record<number, string> = {
  5: 'is locked by another program',
  8: 'may not be written by this process',
  10: 'is on a disk that does not work',
  11: 'is damaged: restore a backup',
  13: 'is on a disk that is full',
  14: 'cannot be opened or made by this process',
  26: 'is not a database',
};

const POSTGRES: Record<string, string> = {
  '28000': 'names a user that the database server does not let in',
  '28P01': 'contains a password that the database server does not accept',
  '3D000': 'names a database that does not exist: create it first',
  '2BP01':
    'names a database in which somebody else’s views or tables depend on ours: nothing was changed, drop them first',
  '42501': 'names a user who may not create tables in this database',
};

const CLOSED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC']);

/**
 * Why the house does not open, as a sentence that names the variable to mend; null for a fault of ours. A database's own
 * words are not repeated: they may quote the URL and its password.
 */
export function explainOpening(error: unknown, environment: Environment = process.env): string | null {
  if (error instanceof ConfigError || error instanceof WrongDatabase) return error.message;
  const { code, errcode, syscall } = error as { code?: unknown; errcode?: unknown; syscall?: unknown };
  if (typeof errcode === 'number') {
    const words = SQLITE[errcode & 255];
    return words === undefined ? null : `${fileIn(environment)} ${words}`;
  }
  const name = String(code);
  if (name in POSTGRES) return `DATABASE_URL ${POSTGRES[name]}`;
  if (
    ((syscall === 'mkdir' || syscall === 'open') && CLOSED.has(name)) ||
    (syscall === 'mkdir' && name === 'ENOENT')
  ) {
    return 'DATA_DIR names a folder that this process may not write to';
  }
  if (error instanceof DatabaseAway || isAway(error))
    return 'DATABASE_URL names a database that does not answer';
  return null;
}

/** Whoever never set `DATABASE_URL` would look for it in vain. */
function fileIn(environment: Environment): string {
  return environment['DATABASE_URL'] || environment['DATABASE_URL_FILE']
    ? 'DATABASE_URL names a file that'
    : 'DATA_DIR names a folder whose countersign.db';
}
