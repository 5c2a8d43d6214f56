import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './package.ts';

/** What `git clone` would give, with what is being changed at the moment: nothing that git does not know comes along. */
export function cloneInto(folder: string): void {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: repository, encoding: 'utf8' });
  for (const name of listed.split('\0')) {
    const file = join(repository, name);
    if (name !== '' && existsSync(file)) cpSync(file, join(folder, name), { preserveTimestamps: true });
  }
}
