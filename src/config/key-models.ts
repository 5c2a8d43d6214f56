import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, type Environment } from '../kit/environment.ts';

// Where FIDO's list of models of security keys comes from.

export function readMdsUrl(environment: Environment): string {
  const text = environment['MDS_URL'] || 'https://mds3.fidoalliance.org/';
  if (/^https:\/\//.test(text) && URL.canParse(text)) return text;
  throw new ConfigError('MDS_URL', `takes an address that begins with https://, not "${text}"`);
}

/** Its contents are read when they are needed, and anew when they change; that it is there can be said at the start. */
export function readMdsFile(environment: Environment): string | null {
  const file = environment['MDS_FILE'];
  if (!file) return null;
  const path = resolve(file);
  try {
    accessSync(path, constants.R_OK);
    if (statSync(path).isFile()) return path;
  } catch {
    // Said below.
  }
  throw new ConfigError('MDS_FILE', `names a file that cannot be read: ${file}`);
}
