import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Database } from '../../../database/open.ts';
import type { Deps } from '../../../deps.ts';
import { type Metadata, MetadataRefused, readMetadata } from './read-metadata.ts';
import { findStamp, findStored } from './store.ts';

export type MetadataDeps = Pick<Deps, 'config'> & { readonly database: Pick<Database, 'db'> };

/** What was read last by each house, and from which issue: checking a file of some megabytes takes a while. */
const read = new WeakMap<
  MetadataDeps['config'],
  { readonly stamp: string | null; readonly metadata: Metadata }
>();

/**
 * FIDO's list of models: from the operator's file, else as it was last fetched; signed in either case. Null where there
 * is none yet. However old it is: `ageOf` tells. @throws {MetadataRefused}
 */
export async function currentMetadata(deps: MetadataDeps, now: number): Promise<Metadata | null> {
  const stamp = await stampOf(deps);
  const known = read.get(deps.config);
  if (known?.stamp === stamp) return known.metadata;
  const file = await fileOf(deps);
  if (file === null) return null;
  const metadata = readMetadata(file, await fidoRoots(), now);
  read.set(deps.config, { stamp, metadata });
  return metadata;
}

/** Changes with every new issue. */
async function stampOf({ config, database }: MetadataDeps): Promise<string | null> {
  if (config.mdsFile !== null) {
    const { mtimeMs, size } = await stat(config.mdsFile).catch(unreadable);
    return `${mtimeMs}/${size}`;
  }
  const found = await findStamp(database.db);
  return found && `${found.no}/${found.fetched_at}`;
}

async function fileOf({ config, database }: MetadataDeps): Promise<string | null> {
  if (config.mdsFile !== null) return readFile(config.mdsFile, 'utf8').catch(unreadable);
  return (await findStored(database.db))?.file ?? null;
}

function unreadable(): never {
  throw new MetadataRefused('MDS_FILE names a file that cannot be read');
}

/** Those that the WebAuthn library ships: FIDO has changed its certificate's authority before. */
export async function fidoRoots(): Promise<X509Certificate[]> {
  const { SettingsService } = await import('@simplewebauthn/server');
  return SettingsService.getRootCertificates({ identifier: 'mds' }).map((pem) => new X509Certificate(pem));
}
