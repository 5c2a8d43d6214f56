import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { bucketFiles } from './bucket.ts';
import type { BuildFiles } from './build-files.ts';
import { diskFiles } from './disk.ts';

/** Where files wait until they are known to be builds: on a disk in any case, since an archive's list is at its end. */
export function incomingFolder({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'builds', 'incoming');
}

export function openBuildFiles({ dataDir, bucket }: Pick<Config, 'dataDir' | 'bucket'>): BuildFiles {
  return bucket === null ? diskFiles(join(dataDir, 'builds')) : bucketFiles(bucket);
}
