import { createHash } from 'node:crypto';
import { createReadStream, existsSync, linkSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../database/key-file.ts';
import type { Deps } from '../deps.ts';
import { decryptPieces, encryptPieces, keyOfFile, PieceBroken } from '../kit/chunked-cipher.ts';
import { newId } from '../kit/random.ts';
import { SealBroken } from '../kit/seal.ts';

/** Why a file was not written, or not taken; the message is for the operator. */
export class BackupRefused extends Error {
  readonly code:
    | 'file_exists'
    | 'backup_broken'
    | 'backup_key'
    | 'backup_newer'
    | 'database_not_empty'
    | 'database_busy'
    | 'not_replaced';
  constructor(code: BackupRefused['code'], message: string) {
    super(message);
    this.name = 'BackupRefused';
    this.code = code;
  }
}

/** The first line, readable by everybody. Changed in any way, nothing that follows opens. */
interface Header {
  readonly countersign_backup: 1;
  /** Which key of the ring opens it. */
  readonly key: string;
  /** 32 bytes, base64. */
  readonly salt: string;
}

const LONGEST_HEADER = 512;

export interface Written {
  readonly bytes: number;
  /** Of the whole file, hexadecimal. */
  readonly sha256: string;
}

/**
 * Encrypts what `source` gives with the active key of the ring into a file that is there whole or not at all, for its owner's
 * eyes only. @throws {BackupRefused} where there is a file already and it is not to be replaced
 */
export async function writeEncrypted(
  { seal, random }: Pick<Deps, 'seal' | 'random'>,
  path: string,
  replace: boolean,
  source: AsyncIterable<Buffer>,
): Promise<Written> {
  if (!replace && existsSync(path)) throw exists(path);
  const header: Header = {
    countersign_backup: 1,
    key: seal.activeKey,
    salt: random.bytes(32).toString('base64'),
  };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const key = keyOfFile(seal.keyFor('backup', header.key), Buffer.from(header.salt, 'base64'), line);
  const draft = `${path}.${newId(random)}.part`;
  const file = await open(draft, 'wx', 0o600);
  try {
    const hash = createHash('sha256').update(line);
    let bytes = line.length;
    await file.writeFile(line);
    for await (const piece of encryptPieces(key, source)) {
      hash.update(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    }
    await file.sync();
    await file.close();
    takeName(draft, path, replace);
    return { bytes, sha256: hash.digest('hex') };
  } catch (error) {
    await file.close().catch(() => {});
    // Where it has its name already, that is not why it failed.
    rmSync(draft, { force: true });
    throw error;
  }
}

/** What somebody else has put there meanwhile stays, unless it is to be replaced. */
function takeName(draft: string, path: string, replace: boolean): void {
  if (replace) renameSync(draft, path);
  else {
    try {
      linkSync(draft, path);
      unlinkSync(draft);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EEXIST' || existsSync(path)) throw exists(path);
      // A file system without hard links.
      renameSync(draft, path);
    }
  }
  syncFolder(dirname(path));
}

const exists = (path: string) =>
  new BackupRefused('file_exists', `${path} already exists. Name another file, or add --overwrite.`);

/** What was encrypted, as it comes; complete only when the end was reached without a complaint. @throws {BackupRefused} */
export async function* readEncrypted(
  { seal }: Pick<Deps, 'seal'>,
  path: string,
): AsyncGenerator<Buffer, void, void> {
  const { header, line } = await readHeader(path);
  const key = keyOfFile(rootOf(seal, header.key), Buffer.from(header.salt, 'base64'), line);
  const pieces = createReadStream(path, { start: line.length, highWaterMark: 256 * 1024 });
  try {
    yield* decryptPieces(key, pieces);
  } catch (error) {
    if (!(error instanceof PieceBroken)) throw error;
    throw new BackupRefused(
      'backup_broken',
      `${path} is cut off or was altered, or the "${header.key}" of this key ring is not the one that it was made with. Nothing was changed.`,
    );
  } finally {
    pieces.destroy();
  }
}

async function readHeader(path: string): Promise<{ header: Header; line: Buffer }> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_HEADER), 0, LONGEST_HEADER, 0);
    const line = buffer.subarray(0, buffer.subarray(0, bytesRead).indexOf(10) + 1);
    const header = JSON.parse(line.toString('utf8')) as Partial<Header>;
    if (header?.countersign_backup === 1 && typeof header.key === 'string' && typeof header.salt === 'string')
      return { header: header as Header, line };
    if (typeof header?.countersign_backup === 'number')
      throw new BackupRefused(
        'backup_newer',
        `${path} was made by a newer Countersign. Restore it with that version.`,
      );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  } finally {
    await file.close();
  }
  throw new BackupRefused(
    'backup_broken',
    `${path} is not a backup of Countersign, or its beginning was altered.`,
  );
}

function rootOf(seal: Deps['seal'], keyId: string) {
  try {
    return seal.keyFor('backup', keyId);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new BackupRefused(
      'backup_key',
      `The key ring has no key "${keyId}", with which this backup was made. Use the ring of that time.`,
    );
  }
}
