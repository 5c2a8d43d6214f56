#!/usr/bin/env node
// npm start, test, run check, run bench, and what npm pack does first and last. Plain JavaScript: it runs on Node 20, before anything is installed.
import { run } from './lib/runtime.js';

const commands = {
  start: () => run('src/main.ts', args),
  test: () => run('scripts/test.ts', ['ordinary', ...args], { dev: true, bundled: true }),
  'test:long': () => run('scripts/test.ts', ['long', ...args], { dev: true, bundled: true }),
  check: () => run('scripts/check.ts', args, { dev: true }),
  pack: () => run('scripts/make-package.js', args),
  bench: () => run('test/bench/main.ts', args, { dev: true, bundled: true }),
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name)) {
  console.error(`usage: node scripts/run.js ${Object.keys(commands).join(' | ')}`);
  process.exit(2);
}
await commands[name]();
