import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { emailOf, pendingTokenOf, secretOf, sessionTokenOf } from './people.ts';

// The floor's database: the three tables without which nobody can sign in honestly.

export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

export function openFloor(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;
    CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE,
      password_hash TEXT NOT NULL, secret BLOB NOT NULL, last_step INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE IF NOT EXISTS pending (hash BLOB PRIMARY KEY, account_id INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0, expires_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS session (hash BLOB PRIMARY KEY, account_id INTEGER NOT NULL,
      expires_at INTEGER NOT NULL) WITHOUT ROWID;`);
  return db;
}

/** How many accounts there are, and how many of the first ones have a pending sign-in or a session open. */
export interface Population {
  accounts: number;
  pendings: number;
  sessions: number;
  /** The first ones that have recovery codes too, in the product. */
  codes?: number;
  /** The first ones whose browser has signed them in before, in the product. */
  browsers?: number;
  /** The first ones that have a key too, in the product; whose sign-in is pending has been asked for it. */
  keys?: number;
  /** The first ones that have a phone too, in the product. */
  phones?: number;
  /** The first ones whose session is signed in at a protected host too, in the product. */
  hosts?: number;
  /** The first ones who have allowed an app, in the product; each has a session. */
  apps?: number;
}

export function seedFloor(file: string, passwordHash: string, { accounts, pendings, sessions }: Population) {
  const db = openFloor(file);
  const soon = Date.now() + 12 * 3600_000;
  const account = db.prepare('INSERT INTO account (id, email, password_hash, secret) VALUES (?, ?, ?, ?)');
  const pending = db.prepare('INSERT INTO pending (hash, account_id, expires_at) VALUES (?, ?, ?)');
  const session = db.prepare('INSERT INTO session (hash, account_id, expires_at) VALUES (?, ?, ?)');
  db.exec('BEGIN');
  for (let n = 0; n < accounts; n++) account.run(n, emailOf(n), passwordHash, secretOf(n));
  for (let n = 0; n < pendings; n++) pending.run(tokenHash(pendingTokenOf(n)), n, soon);
  for (let n = 0; n < sessions; n++) session.run(tokenHash(sessionTokenOf(n)), n, soon);
  db.exec('COMMIT');
  db.close();
}
