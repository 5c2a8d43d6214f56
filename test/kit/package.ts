import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const repository = new URL('../..', import.meta.url).pathname;

/** `npm pack` of this checkout. -> the file */
export function pack(folder: string): string {
  const { status, stderr } = spawnSync('npm', ['pack', '--pack-destination', folder], {
    cwd: repository,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm pack failed:\n${stderr}`);
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) as string);
}

interface Locked {
  readonly packages: Readonly<Record<string, { dev?: boolean; devOptional?: boolean; version?: string }>>;
}

const lock = (): Locked => JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));

/** The packages that come with ours: none for development. Those that lie below others too. */
export function shipped(): { path: string; version: string }[] {
  return Object.entries(lock().packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, { version = '' }]) => ({ path, version }));
}

/** Lays out `node_modules` as npm would, without npm: ours unpacked, and beside it what comes with it and nothing else. */
export function layOut(archive: string, folder: string): string {
  const ours = join(folder, 'node_modules', 'countersign');
  mkdirSync(ours, { recursive: true });
  const { status } = spawnSync('tar', ['xzf', archive, '--strip-components=1', '-C', ours]);
  if (status !== 0) throw new Error('the package does not unpack');
  for (const { path } of shipped()) {
    const place = join(folder, path);
    if (path.lastIndexOf('node_modules/') > 0 || !existsSync(join(repository, path))) continue;
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(repository, path), place);
  }
  return ours;
}
