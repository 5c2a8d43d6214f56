import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

// npm run check: types, lint and format, import floors, all at once; fails when one of them does.

const checks = {
  types: ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty'],
  lint: ['node_modules/@biomejs/biome/bin/biome', 'check', '--colors=force'],
  imports: ['scripts/check-imports.ts'],
};

const colour = process.stdout.isTTY;
const results = await Promise.all(
  Object.entries(checks).map(async ([name, args]) => {
    const start = performance.now();
    const flags = colour ? args : args.filter((arg) => arg !== '--pretty' && arg !== '--colors=force');
    const child = spawn(process.execPath, flags, {
      cwd: new URL('..', import.meta.url),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { name, output: (out + err).trim(), code, seconds: (performance.now() - start) / 1000 };
  }),
);

for (const { name, output, code, seconds } of results)
  console.log(
    `${output}${output && '\n'}${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)\n`,
  );
const failed = results.filter(({ code }) => code !== 0).map(({ name }) => name);
console.log(failed.length === 0 ? 'check: all passed' : `check: ${failed.join(', ')} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
