import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cloneInto } from '../kit/clone.ts';
import { startAs } from '../kit/server-process.ts';
import { walkAsNewcomer } from './newcomer.ts';

const clone = mkdtempSync(join(tmpdir(), 'countersign-clone-'));
const cache = mkdtempSync(join(tmpdir(), 'countersign-cache-'));
afterAll(() => {
  for (const folder of [clone, cache]) rmSync(folder, { recursive: true });
});

/** Where the registry is, how it is reached and whom to trust: the machine's, not the clone's. */
const NETWORK = /^(home|npm_config_.*|node_extra_ca_certs|ssl_cert_.*|https?_proxy|no_proxy)$/i;

function network(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value = '']) => (NETWORK.test(name) ? [[name, value]] : [])),
  );
}

test('with an empty npm cache and nothing installed, `npm start` fetches what is missing and serves', async () => {
  cloneInto(clone);
  const server = await startAs(
    { program: 'npm', args: ['start'], cwd: clone, patience: 300_000 },
    { ...network(), npm_config_cache: cache },
  );
  try {
    expect(server.output()).toContain('Installing packages (npm ci)');
    await walkAsNewcomer(server);
    expect(await server.stop()).toBe(0);
    expect(readdirSync(join(clone, 'data'))).toContain('keys.json');
  } finally {
    await server.remove();
  }
});
