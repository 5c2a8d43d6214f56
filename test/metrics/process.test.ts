import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { refusalOf } from '../config/start-process.ts';
import { readSamples, sampleOf } from '../kit/exposition.ts';
import { HttpClient } from '../kit/http-client.ts';
import { freePort, startServer } from '../kit/server-process.ts';
import { loadingNone } from './loading-none.ts';

vi.setConfig({ testTimeout: 60_000 });

const WATCHERS = 'prom-client|opentelemetry';

test('R85: /metrics is on the private port of a started server, and not on the public one', async () => {
  const port = await freePort();
  const server = await startServer({ METRICS_PORT: String(port) });
  try {
    const client = new HttpClient(server.url);
    const fields = { email: 'ann@example.org', password: 'not the password' };
    expect((await client.post('/sign-in', fields)).status).toBe(422);
    const page = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(page.status).toBe(200);
    const samples = readSamples(await page.text());
    const failed = { method: 'password', result: 'failure' };
    expect(sampleOf(samples, 'countersign_sign_ins_total', failed)).toBe(1);
    expect(sampleOf(samples, 'countersign_password_hash_duration_seconds_count')).toBe(1);
    expect(sampleOf(samples, 'process_resident_memory_bytes')).toBeGreaterThan(0);
    expect((await client.get('/metrics')).status).toBe(404);
    // Only where it was told to be: on loopback, which has other addresses too.
    await expect(fetch(`http://127.0.0.2:${port}/metrics`)).rejects.toThrow();
    expect(await server.stop()).toBe(0);
  } finally {
    await server.remove();
  }
});

test('whoever goes away in the middle of a request is no fault of ours', async () => {
  const port = await freePort();
  const server = await startServer({ METRICS_PORT: String(port) });
  const requests = async () => {
    const samples = readSamples(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    expect(sampleOf(samples, 'countersign_faults_total')).toBe(0);
    return samples.filter(({ name }) => name === 'countersign_http_requests_total');
  };
  try {
    const { port: publicPort } = new URL(server.url);
    const socket = connect(Number(publicPort), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'POST /sign-in HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 99\r\n' +
        'Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=',
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.destroy();
    await vi.waitFor(
      async () =>
        expect(await requests()).toContainEqual({
          name: 'countersign_http_requests_total',
          labels: { method: 'POST', route: '/sign-in', status: '499' },
          value: 1,
        }),
      10_000,
    );
  } finally {
    await server.remove();
  }
});

test('R85: METRICS_HOST says where the private listener is', async () => {
  const port = await freePort();
  const server = await startServer({ METRICS_PORT: String(port), METRICS_HOST: '127.0.0.2' });
  try {
    expect((await fetch(`http://127.0.0.2:${port}/metrics`)).status).toBe(200);
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  } finally {
    await server.remove();
  }
});

test('a server that nobody watches loads nothing of it, and has no private listener', async () => {
  const env = loadingNone(WATCHERS);
  const server = await startServer(env);
  try {
    expect((await new HttpClient(server.url).get('/metrics')).status).toBe(404);
  } finally {
    await server.remove();
  }
  // The net catches: with the variable it would be loaded.
  await expect(startServer({ ...env, METRICS_PORT: String(await freePort()) })).rejects.toThrow(
    /prom-client/,
  );
});

test('METRICS_PORT: what is no port of its own refuses to start', async () => {
  const port = await freePort();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'countersign-metrics-'));
  try {
    const says = async (env: Record<string, string>) =>
      (await refusalOf({ DATA_DIR, ...env })).replace('Countersign does not start: ', '');
    const free = String(await freePort());
    expect(await says({ METRICS_PORT: 'yes' })).toBe(
      'METRICS_PORT takes a whole number from 1 to 65535, not "yes"',
    );
    expect(await says({ PORT: free, METRICS_PORT: free })).toBe(
      `METRICS_PORT takes a port of its own, not ${free}, which is PORT's`,
    );
    expect(await says({ METRICS_HOST: '127.0.0.1' })).toBe(
      'METRICS_HOST needs METRICS_PORT, which is not set',
    );
    expect(await says({ PORT: free, METRICS_PORT: String(port) })).toBe(
      'METRICS_PORT is in use by another program; set METRICS_PORT to a free one',
    );
    expect(await says({ PORT: free, METRICS_PORT: '9464', METRICS_HOST: '192.0.2.1' })).toBe(
      'METRICS_HOST is not an address of this machine',
    );
  } finally {
    taken.close();
    rmSync(DATA_DIR, { recursive: true, force: true });
  }
});
