#!/usr/bin/env node
// The operator's commands: `npm run --silent countersign -- COMMAND`, or `npx countersign COMMAND` when installed as
// a package. Programs read its stdout.
import { run } from './lib/runtime.js';

await run('src/cli.ts', process.argv.slice(2));
