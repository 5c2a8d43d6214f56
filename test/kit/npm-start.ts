import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const HERE = new URL('../..', import.meta.url).pathname;

/** What Node is given by `npm start` of the checkout at `root`: its own options, the script and what it is to do. */
export function npmStart(root = HERE): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const given = /^exec node (.+) \|\| node \1$/.exec(scripts.start)?.[1];
  if (!given) throw new Error(`not understood: ${scripts.start}`);
  return given.split(' ').map((word) => (word === 'scripts/run.js' ? join(root, word) : word));
}
