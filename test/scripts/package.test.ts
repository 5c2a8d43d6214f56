import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { textOf } from '../kit/browser.ts';
import { picture } from '../kit/builds.ts';
import { HttpClient } from '../kit/http-client.ts';
import { layOut, pack, repository, shipped } from '../kit/package.ts';
import { startAs } from '../kit/server-process.ts';

// The package as npm makes it, laid out beside the packages that come with it: no network is asked. `package.long.ts` lets
// npm install it.

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
afterAll(() => rmSync(folder, { recursive: true }));

let ours: string;
beforeAll(() => {
  ours = layOut(pack(folder), folder);
});

const json = (path: string) => JSON.parse(readFileSync(join(ours, path), 'utf8'));
const files = () =>
  readdirSync(ours, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ours, join(entry.parentPath, entry.name)));

const countersign = (...args: string[]) => ({
  program: process.execPath,
  args: [join(ours, 'scripts/countersign.js'), ...args],
  cwd: folder,
});

function run(...args: string[]) {
  const { program, args: all, cwd } = countersign(...args);
  return spawnSync(program, all, { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'] } });
}

test('holds compiled JavaScript, and neither sources, tests, data nor a trace of where it was made', () => {
  const names = files();
  for (const name of [
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'dist/main.mjs',
    'dist/LICENSES.txt',
    'src/web/style.css',
  ])
    expect(names).toContain(name);
  expect(
    names.filter((name) => /\.ts$|\.test\.|^(test|data|node_modules)\/|\.npmrc$|\.log$/.test(name)),
  ).toEqual([]);
  for (const name of names) expect(readFileSync(join(ours, name), 'latin1'), name).not.toContain(repository);
  // Made for the package and taken away again.
  expect(existsSync(join(repository, 'dist'))).toBe(false);
});

test('what npm is told of it', () => {
  const manifest = json('package.json');
  expect(manifest).toMatchObject({
    name: 'countersign',
    license: 'MIT',
    bin: { countersign: 'scripts/countersign.js' },
    engines: { node: '>=24' },
    publishConfig: { access: 'public', provenance: true },
  });
  expect(manifest.private).toBeUndefined();
  // npm runs none of these where it is installed.
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
    expect(manifest.scripts).not.toHaveProperty(name);
});

test('the bill of materials names every package that comes with it, and the licences those that are in it', () => {
  const { bomFormat, metadata, components } = json('dist/sbom.cdx.json');
  expect([bomFormat, metadata.component.name]).toEqual(['CycloneDX', 'countersign']);
  const listed = new Set(components.map((one: { purl: string }) => decodeURIComponent(one.purl)));
  for (const { path, version } of shipped())
    expect([...listed]).toContain(`pkg:npm/${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`);
  expect([...listed].filter((purl) => /vitest|typescript|playwright/.test(purl as string))).toEqual([]);
  const licences = readFileSync(join(ours, 'dist/LICENSES.txt'), 'utf8');
  for (const name of ['fastify', 'kysely', 'zod', '@zxcvbn-ts/core'])
    expect(licences).toContain(`\n${name} `);
});

test('without a command the server starts, with its data in the folder where it was started', async () => {
  const server = await startAs(countersign());
  try {
    const client = new HttpClient(server.url);
    expect((await client.get('/healthz')).body).toBe('{"status":"ok"}');
    expect(existsSync(join(folder, 'data/countersign.db'))).toBe(true);
    const link = new URL(server.setUpLink as string);
    const page = await client.get(link.pathname + link.search);
    const assets = page.body.match(/\/assets\/[\w.-]+\.(?:css|js)/g) ?? [];
    expect(assets.length).toBeGreaterThan(1);
    for (const asset of assets) expect((await client.get(asset)).status).toBe(200);
    // The thread that judges passwords runs.
    const token = link.searchParams.get('token') as string;
    const fields = { token, name: 'Ann', email: 'ann@example.org', password: 'password123456' };
    expect(textOf((await client.post('/setup', fields)).body)).toContain('everybody tries first');
    // A package that is loaded late is found.
    expect((await client.get('/oidc/jwks')).status).toBe(200);
    expect(await server.stop()).toBe(0);
  } finally {
    await server.remove();
  }
});

test('the operator’s commands run, and `start` is one of them', async () => {
  const doctor = run('doctor', '--json');
  expect(JSON.parse(doctor.stdout).checks.map((one: { name: string }) => one.name)).toContain(
    'configuration',
  );
  expect(run('--help').stdout).toContain('usage: countersign COMMAND');
  expect(run('no-such-command').status).toBe(2);
  const server = await startAs(countersign('start'));
  try {
    expect((await new HttpClient(server.url).get('/readyz')).status).toBe(200);
  } finally {
    await server.remove();
  }
});

test('what strangers send is read in threads that are in the package', async () => {
  const reply = (name: string, workerData: Uint8Array) =>
    new Promise((resolve, reject) => {
      const thread = new Worker(join(ours, 'dist', name), { workerData });
      thread.once('message', resolve);
      thread.once('error', reject);
    });
  const drawn = (await reply('redraw-icon.mjs', picture(40))) as Uint8Array;
  expect(Buffer.from(drawn).toString('latin1', 1, 4)).toBe('PNG');
  const plist = `<?xml version="1.0"?><plist version="1.0"><dict><key>CFBundleIdentifier</key><string>org.example.a</string>
    <key>CFBundleVersion</key><string>7</string></dict></plist>`;
  expect(await reply('read-bundle.mjs', Buffer.from(plist))).toMatchObject({
    id: 'org.example.a',
    version: '7',
  });
});

test('where no machine code can be kept, a package runs all the same', () => {
  const place = join(ours, 'dist/cli.mjs.compiled');
  rmSync(place, { recursive: true, force: true });
  // Root may write to any folder, but into no file as if it were one.
  writeFileSync(place, '');
  const { status, stderr } = run('--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(statSync(place).size).toBe(0);
});
