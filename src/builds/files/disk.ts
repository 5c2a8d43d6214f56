import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { makeFolder } from '../../kit/make-folder.ts';
import type { Span } from '../range-rules.ts';
import { type BuildFiles, FileMissing } from './build-files.ts';

/** Names are ids of ours and nothing else, so that no name that anybody typed is ever part of a path (R78). */
const ID = /^[0-9a-f]{32}$/;
const CHUNK = 256 * 1024;

/** Files in one folder, which must be on the disk of `incoming`: taking one over is a change of its name. */
export function diskFiles(folder: string): BuildFiles {
  const place = (id: string) => {
    if (!ID.test(id)) throw new FileMissing(id);
    return join(folder, id);
  };

  return {
    async keep(id, path) {
      makeFolder(folder);
      await rename(path, place(id));
      await syncFolder(folder);
    },

    async read(id: string, { start, end }: Span): Promise<Readable> {
      const file = await open(place(id), 'r').catch(explainMissing(id));
      return file.createReadStream({ start, end, highWaterMark: CHUNK });
    },

    async remove(id) {
      await rm(place(id), { force: true });
    },

    async *list() {
      for (const name of await readdir(folder).catch(nothingYet)) {
        if (!ID.test(name)) continue;
        const found = await stat(join(folder, name)).catch(() => null);
        if (found?.isFile()) yield { id: name, at: found.mtimeMs };
      }
    },

    // What was begun lies in `incoming`, which is swept for every kind of store.
    async dropUnfinished() {},
  };
}

/** A name is only safe when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  // Windows keeps its folders by itself, and lets nobody open one.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isAbsent = (error: unknown): boolean => (error as { code?: string }).code === 'ENOENT';

function explainMissing(id: string): (error: unknown) => never {
  return (error) => {
    throw isAbsent(error) ? new FileMissing(id) : error;
  };
}

function nothingYet(error: unknown): string[] {
  if (isAbsent(error)) return [];
  throw error;
}
