#!/usr/bin/env node
// The operator's commands: `npm run --silent countersign -- COMMAND`, or `npx countersign COMMAND` when installed as
// a package, where there is no `npm start`: there the server is a command too, and what is meant when none is given.
// Programs read its stdout.
import { packaged, run } from './lib/runtime.js';

const [command, ...rest] = process.argv.slice(2);
if (packaged && (command === undefined || command === 'start')) {
  if (process.env.npm_command === 'exec') endWithNpx();
  await run('src/main.ts', rest);
} else {
  await run('src/cli.ts', process.argv.slice(2));
}

/** npx runs us in a shell and passes no signal on: killed, it would leave a server behind that nobody knows of. */
function endWithNpx() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}
