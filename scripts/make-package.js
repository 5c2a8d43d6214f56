// `prepack` and `postpack` of npm: makes `dist/`, which only the package has, and takes it away again.
import { makePackage, removePackage } from './lib/package.js';
import { root } from './lib/runtime.js';

if (process.argv[2] === 'remove') removePackage(root);
else await makePackage(root);
