import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const settle = new URL('../../scripts/lib/settle.js', import.meta.url).href;

/** What a program prints that has both functions. */
function told(program: string): string {
  const code = `import { letGo, whenQuiet } from ${JSON.stringify(settle)};\n${program}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.trim();
}

test('a server that has something to do is left alone until it has not', () => {
  const answer = told(`
    let working = true;
    const work = setInterval(() => { const end = performance.now() + 40; while (performance.now() < end); }, 1);
    setTimeout(() => { working = false; clearInterval(work); }, 400);
    whenQuiet(() => console.log(working), 50);
    setTimeout(() => {}, 3000);`);
  expect(answer).toBe('false');
});

test('nothing waits for it: a program that is done ends', () => {
  expect(told(`whenQuiet(() => console.log('late'), 200);`)).toBe('');
});

test('what nobody needs any more goes back to the system, and the collector is out of reach again', () => {
  const answer = told(`
    let rows = Array.from({ length: 500_000 }, (_, index) => ({ index, text: 'row ' + index }));
    const before = process.memoryUsage().heapTotal;
    rows = null;
    letGo();
    console.log(before - process.memoryUsage().heapTotal > 20e6, typeof globalThis.gc);`);
  expect(answer).toBe('true undefined');
});
