// Makes the bundle that the next start loads, in a process of its own: neither its time nor its memory is the server's.
// `gently`: everything else on the machine goes first.
import { constants, setPriority } from 'node:os';
import { makeBundle } from './lib/bundle.js';
import { root } from './lib/runtime.js';

if (process.argv[2] === 'gently') setPriority(constants.priority.PRIORITY_LOW);
await makeBundle(root);
