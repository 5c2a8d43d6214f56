import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { HttpClient } from '../kit/http-client.ts';
import { pack, repository } from '../kit/package.ts';
import { startAs, startServer } from '../kit/server-process.ts';

// npm installs the package into an empty folder, and a checkout without the packages for development: from its cache where it
// can, else from the registry.

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const root = mkdtempSync(join(tmpdir(), 'countersign-install-'));
afterAll(() => rmSync(root, { recursive: true }));
const app = join(root, 'app');
const { PATH = '', HOME = '' } = process.env;

function npm(cwd: string, args: string[], env: Record<string, string> = {}) {
  return spawnSync('npm', args, { cwd, encoding: 'utf8', env: { PATH, HOME, ...env } });
}

beforeAll(() => {
  mkdirSync(app);
  const archive = pack(root);
  const installed = npm(app, ['install', '--prefer-offline', '--no-audit', '--no-fund', archive]);
  expect([installed.status, installed.stderr]).toEqual([0, expect.any(String)]);
});

const npx = (...args: string[]) => ({ program: 'npx', args: ['countersign', ...args], cwd: app });

test('npx countersign starts the server in an empty folder, and SIGTERM to npx ends it', async () => {
  const server = await startAs(npx());
  try {
    expect((await new HttpClient(server.url).get('/healthz')).status).toBe(200);
    expect(readdirSync(join(app, 'data'))).toContain('keys.json');
    const doctor = npm(app, ['exec', '--', 'countersign', 'doctor', '--json']);
    const { checks } = JSON.parse(doctor.stdout);
    expect(checks).toContainEqual(expect.objectContaining({ name: 'database', ok: true }));
    await server.stop();
    await vi.waitFor(() => expect(fetch(`${server.url}/healthz`)).rejects.toThrow(), { timeout: 10_000 });
    expect(server.output()).toContain('stopping');
  } finally {
    await server.remove();
  }
});

test('none of the packages for development came with it, and traces say what they would need', async () => {
  const names = readdirSync(join(app, 'node_modules'));
  for (const name of ['typescript', 'vitest', '@biomejs']) expect(names).not.toContain(name);
  const asked = spawnSync('npx', ['countersign'], {
    cwd: app,
    encoding: 'utf8',
    env: { PATH, HOME, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' },
  });
  expect(asked.status).toBe(1);
  expect(asked.stderr).toContain('npm install --no-save @opentelemetry/sdk-node@');
});

test('a checkout without the packages for development has its bundle, and starts from it', async () => {
  const checkout = join(root, 'checkout');
  mkdirSync(checkout);
  for (const name of ['src', 'scripts', 'package.json', 'package-lock.json', '.npmrc'])
    cpSync(join(repository, name), join(checkout, name), { recursive: true, preserveTimestamps: true });
  const env = { PATH, HOME, NODE_ENV: 'production', npm_config_prefer_offline: 'true' };
  // Installs what is missing.
  const help = spawnSync(process.execPath, ['scripts/countersign.js', '--help'], { cwd: checkout, env });
  expect(help.status).toBe(0);
  const server = await startServer(env, checkout);
  await server.remove();
  expect(readdirSync(join(checkout, 'node_modules'))).not.toContain('vitest');
  const cache = join(checkout, 'node_modules/.cache/countersign');
  const [bundle = '', ...others] = readdirSync(cache);
  expect(others).toEqual([]);
  expect(readdirSync(join(cache, bundle))).toContain('main.mjs.compiled');
});
