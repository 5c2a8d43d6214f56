import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { textOf } from '../kit/browser.ts';
import { HttpClient } from '../kit/http-client.ts';
import { startServer } from '../kit/server-process.ts';

// The cache of a bundled program, in a copy of the sources. The tests build on each other.

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const repository = new URL('../..', import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), 'countersign-bundle-'));
const cache = join(root, 'node_modules/.cache/countersign');
afterAll(() => rmSync(root, { recursive: true }));

const make = () => spawnSync(process.execPath, [join(root, 'scripts/make-bundle.js')]).status;

const bundles = () => readdirSync(cache).map((name) => join(cache, name));

/** What the command was loaded from: the words of the bundled one are changed below. */
function loadedFrom(): string {
  const command = spawnSync(process.execPath, [join(root, 'scripts/countersign.js'), '--help'], {
    encoding: 'utf8',
  });
  expect([command.status, command.stderr]).toEqual([0, '']);
  return { usage: 'sources', USAGE: 'bundle' }[command.stdout.slice(0, 5)] ?? command.stdout;
}

beforeAll(() => {
  for (const name of ['src', 'scripts', 'package.json', 'package-lock.json'])
    cpSync(join(repository, name), join(root, name), { recursive: true, preserveTimestamps: true });
  mkdirSync(join(root, 'node_modules'));
  for (const name of readdirSync(join(repository, 'node_modules')))
    if (name !== '.cache')
      symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name));
  expect(make()).toBe(0);
});

test('a server runs from the bundle, and finds stylesheet, scripts and its thread in the sources', async () => {
  const server = await startServer({}, root);
  try {
    const client = new HttpClient(server.url);
    const link = new URL(server.setUpLink as string);
    const page = await client.get(link.pathname + link.search);
    const files = page.body.match(/\/assets\/[\w.-]+\.(?:css|js)/g) ?? [];
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect((await client.get(file)).status).toBe(200);
    const token = link.searchParams.get('token') as string;
    const fields = { token, name: 'Ann', email: 'ann@example.org', password: 'password123456' };
    expect(textOf((await client.post('/setup', fields)).body)).toContain('everybody tries first');
    expect(await server.stop()).toBe(0);
  } finally {
    await server.remove();
  }
  expect(existsSync(join(bundles()[0] as string, 'main.mjs.compiled'))).toBe(true);
});

test('a command runs from the bundle, and a second making leaves it as it is', () => {
  const [file] = bundles().map((folder) => join(folder, 'cli.mjs'));
  const text = readFileSync(file as string, 'utf8');
  expect(text).toContain('`usage: ');
  writeFileSync(file as string, text.replace('`usage: ', '`USAGE: '));
  expect(make()).toBe(0);
  expect(loadedFrom()).toBe('bundle');
  expect(bundles()).toHaveLength(1);
});

test('after an edit, and without the bundler, all runs from the sources', () => {
  const edited = join(root, 'src/cli/run.ts');
  utimesSync(edited, new Date(), new Date());
  rmSync(join(root, 'node_modules/rolldown'));
  expect(make()).toBe(1);
  expect(loadedFrom()).toBe('sources');
  expect(bundles()).toHaveLength(1);
});

test('a bundle of another version, or that lost a part, is none', () => {
  const [folder = ''] = bundles();
  cpSync(join(repository, 'src/cli/run.ts'), join(root, 'src/cli/run.ts'), { preserveTimestamps: true });
  expect(loadedFrom()).toBe('bundle');
  // The API's document names the version.
  const [version, aside] = [join(root, 'package.json'), join(root, 'aside.json')];
  renameSync(version, aside);
  cpSync(aside, version);
  expect(loadedFrom()).toBe('sources');
  renameSync(aside, version);
  expect(loadedFrom()).toBe('bundle');
  const shared = readdirSync(folder).find((name) => name.startsWith('shared')) as string;
  truncateSync(join(folder, shared), 1000);
  expect(loadedFrom()).toBe('sources');
});

test('what is imported of Node’s own is asked for by name, on the same line; other imports stay', async () => {
  const { withoutFacades } = (await import(new URL('../../scripts/lib/bundle.js', import.meta.url).href)) as {
    withoutFacades(code: string): string;
  };
  const code = [
    'import { a as b, c } from "node:http";',
    'import whole from "node:fs/promises";',
    'import { d } from "kysely";',
    'import { e } from "./shared.mjs";',
    'const text = `import { a } from "node:http"`;',
  ].join('\n');
  expect(withoutFacades(code).split('\n')).toEqual([
    'const { a: b, c } = globalThis.process.getBuiltinModule("node:http");',
    'const whole = globalThis.process.getBuiltinModule("node:fs/promises");',
    'import { d } from "kysely";',
    'import { e } from "./shared.mjs";',
    'const text = `import { a } from "node:http"`;',
  ]);
});
