// Plain JavaScript, nothing imported but Node's own: every start asks, so what makes a bundle lies in `bundle.js`.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

// The server and the commands in three files instead of a thousand modules: docs/decisions/0005-start-up-bundle.md. A
// cache, found by what it was made of: without it everything runs from the sources and is only slower to start.

export const ENTRIES = { main: 'src/main.ts', cli: 'src/cli.ts' };

/** -> the path of the bundled `file` (`src/main.ts`) as the sources are now, or null. Takes a few milliseconds. */
export function freshBundle(root, file) {
  const name = Object.keys(ENTRIES).find((name) => ENTRIES[name] === file);
  try {
    const folder = folderOf(root);
    return name && isWhole(folder) ? join(folder, `${name}.mjs`) : null;
  } catch {
    return null;
  }
}

/** Named by all that goes into it. What somebody changes by hand below node_modules is not seen. */
export function folderOf(root) {
  const hash = createHash('sha256');
  hash.update(`${root} ${process.version}\n`);
  hash.update(readFileSync(join(root, 'package-lock.json')));
  for (const part of ['package.json', 'scripts/lib', 'src']) hash.update(stampOf(join(root, part)));
  return join(root, 'node_modules', '.cache', 'countersign', hash.digest('hex').slice(0, 16));
}

/** Path, size and time of a file, or of all files below a folder but for the tests. */
function stampOf(path) {
  const found = statSync(path);
  if (!found.isDirectory())
    return path.endsWith('.test.ts') ? '' : `${path} ${found.size} ${found.mtimeMs}\n`;
  const names = readdirSync(path).sort();
  return names.map((name) => stampOf(`${path}/${name}`)).join('');
}

/** A disk may have lost what a crash left unwritten. */
export function isWhole(folder) {
  try {
    const sizes = JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8'));
    return Object.entries(sizes).every(([name, size]) => statSync(join(folder, name)).size === size);
  } catch {
    return false;
  }
}
