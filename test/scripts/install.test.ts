import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

type Install = (root: string, how: { dev: boolean; quick: boolean }) => Promise<boolean>;
const { installMissing } = (await import(new URL('../../scripts/lib/install.js', import.meta.url).href)) as {
  installMissing: Install;
};

let root: string;
const wanted = () => join(root, 'package-lock.json');
const installed = () => join(root, 'node_modules', '.package-lock.json');

/** An npm that brings exactly what is wanted, and counts how often it was called. */
const NPM = `
  const { appendFileSync, copyFileSync } = require('node:fs');
  copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
  appendFileSync('calls', '.');
`;
const calls = () => readFileSync(join(root, 'calls'), 'utf8').length;
const list = (version: string) =>
  JSON.stringify({ packages: { '': {}, 'node_modules/one': { version, integrity: `sha512-${version}` } } });

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'install-'));
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'calls'), '');
  writeFileSync(join(root, 'npm.cjs'), NPM);
  vi.stubEnv('npm_execpath', join(root, 'npm.cjs'));
  vi.stubEnv('npm_node_execpath', process.execPath);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

test.each([true, false])(
  'what is missing is installed once, and seen again after every change (quick: %s)',
  async (quick) => {
    const how = { dev: false, quick };
    writeFileSync(wanted(), list('1.0.0'));
    rmSync(installed(), { force: true });
    const before = calls();
    expect(await installMissing(root, how)).toBe(true);
    for (let start = 0; start < 3; start++) expect(await installMissing(root, how)).toBe(false);
    expect(calls()).toBe(before + 1);

    writeFileSync(wanted(), list('1.0.1'));
    expect(await installMissing(root, how)).toBe(true);
    expect(await installMissing(root, how)).toBe(false);

    writeFileSync(installed(), list('1.0.2'));
    expect(await installMissing(root, how)).toBe(true);
    expect(await installMissing(root, how)).toBe(false);

    rmSync(installed());
    expect(await installMissing(root, how)).toBe(true);
    expect(calls()).toBe(before + 4);
  },
);

test.each(['platform', 'arch'] as const)(
  'packages that another machine installed in the same folder (%s) are not taken for complete',
  async (which) => {
    const how = { dev: false, quick: true };
    const native = (os: string, cpu: string) => [
      `node_modules/native-${os}-${cpu}`,
      { version: '1', optional: true, os: [os], cpu: [cpu] },
    ];
    const all = ['linux', 'darwin'].flatMap((os) => ['x64', 'arm64'].map((cpu) => native(os, cpu)));
    const only = (os: string, cpu: string) =>
      JSON.stringify({ packages: Object.fromEntries([native(os, cpu)]) });
    vi.stubGlobal('process', { ...process, env: process.env, platform: 'linux', arch: 'x64' });
    writeFileSync(wanted(), JSON.stringify({ packages: Object.fromEntries(all) }));
    writeFileSync(installed(), only('linux', 'x64'));
    for (let start = 0; start < 2; start++) expect(await installMissing(root, how)).toBe(false);

    const other = which === 'platform' ? { platform: 'darwin' } : { arch: 'arm64' };
    vi.stubGlobal('process', { ...process, env: process.env, ...other });
    const before = calls();
    expect(await installMissing(root, how)).toBe(true);
    expect(calls()).toBe(before + 1);
    vi.unstubAllGlobals();
  },
);
