import { DatabaseAway, isAway } from '../database/database-away.ts';
import { WrongDatabase } from '../database/migrate.ts';
import { ConfigError } from '../kit/environment.ts';

/** https://sqlite.org/rescode.html, the low byte */
const SQLITE: Record<number, string> = {
  5: 'names a database that another program holds locked',
  8: 'names a file that this process may not write',
  10: 'names a file on a disk that does not work',
  11: 'names a file that is damaged: restore a backup',
  13: 'names a file on a disk that is full',
  14: 'names a file that cannot be opened or made',
  26: 'names a file that is not a database',
};

const POSTGRES: Record<string, string> = {
  '28000': 'names a user whom the database server does not let in',
  '28P01': 'holds a password that the database server does not take',
  '3D000': 'names a database that is not there: create it first',
  '2BP01': 'holds views or tables of somebody else that hang on ours: nothing was changed, drop them first',
  '42501': 'names a user who may not create tables in this database',
};

const CLOSED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC']);

/**
 * Why the house does not open, as a sentence that names the variable to mend; null for a fault of ours. A database's own
 * words are not repeated: they may quote the URL and its password.
 */
export function explainOpening(error: unknown): string | null {
  if (error instanceof ConfigError || error instanceof WrongDatabase) return error.message;
  const { code, errcode, syscall } = error as { code?: unknown; errcode?: unknown; syscall?: unknown };
  if (typeof errcode === 'number') {
    const words = SQLITE[errcode & 255];
    return words === undefined ? null : `DATABASE_URL ${words}`;
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
