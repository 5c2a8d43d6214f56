import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { freePort } from '../kit/server-process.ts';
import { type Starting, startProcess } from './start-process.ts';

vi.setConfig({ testTimeout: 90_000 });

const folder = mkdtempSync(join(tmpdir(), 'countersign-stop-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a graceful stop', () => {
  let running: Starting | null = null;
  const sockets: Socket[] = [];
  afterEach(() => {
    running?.child.kill('SIGKILL');
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  async function start(more: Record<string, string> = {}): Promise<{ server: Starting; port: number }> {
    const port = await freePort();
    const server = startProcess({
      DATA_DIR: join(folder, String(port)),
      PORT: String(port),
      SIGN_UP: 'open',
      ...more,
    });
    running = server;
    await until(() => server.stdout().includes('/mailbox'));
    return { server, port };
  }

  async function open(port: number): Promise<{ socket: Socket; heard: () => string }> {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve));
    return { socket, heard: () => heard };
  }

  const BODY = 'email=nobody%40example.org&password=quiet-lemon-harbour-77';
  const HEAD = `POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${BODY.length}\r\n\r\n`;

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: a slow request is finished, a new one is not begun, exit 0',
    async (signal) => {
      const { server, port } = await start();
      const idle = await open(port);
      idle.socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await until(() => idle.heard().includes('{"status":"ok"}'));
      const slow = await open(port);
      slow.socket.write(HEAD + BODY.slice(0, 20));
      await new Promise((resolve) => setTimeout(resolve, 300));

      const signalled = performance.now();
      server.child.kill(signal);
      await until(() => server.stdout().includes('"msg":"stopping"'));
      await until(() => idle.socket.destroyed || idle.socket.readableEnded);
      const late = connect(port, '127.0.0.1');
      sockets.push(late);
      const refused = await new Promise((resolve) => late.once('error', resolve));
      expect(['ECONNREFUSED', 'ECONNRESET']).toContain((refused as { code?: string }).code);
      slow.socket.write(BODY.slice(20));
      const { code, stderr } = await server.ended;
      expect(slow.heard()).toMatch(/^HTTP\/1.1 422 /);
      expect(slow.heard()).toContain('</html>');
      expect([code, stderr]).toEqual([0, '']);
      // Not by running out of patience: the connection is kept alive, and nobody waits for it.
      expect(performance.now() - signalled).toBeLessThan(5_000);
    },
  );

  test('R84: with DRAIN it first says that it is not ready, and serves whoever still comes', async () => {
    const { server, port } = await start({ DRAIN: '2s' });
    const at = `http://localhost:${port}`;
    expect((await fetch(`${at}/readyz`)).status).toBe(200);
    const signalled = performance.now();
    server.child.kill('SIGTERM');
    await until(() => server.stdout().includes('"msg":"stopping"'));
    const ready = await fetch(`${at}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    expect((await fetch(`${at}/sign-in`)).status).toBe(200);
    const { code, stderr } = await server.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(performance.now() - signalled).toBeGreaterThan(1_900);
    expect(performance.now() - signalled).toBeLessThan(10_000);
  });

  test('a request that never ends does not hold it: exit 0 within 10 seconds', async () => {
    const { server, port } = await start();
    const stuck = await open(port);
    stuck.socket.write(HEAD + BODY.slice(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const signalled = performance.now();
    server.child.kill('SIGTERM');
    server.child.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(performance.now() - signalled).toBeLessThan(10_000);
  });
});

async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!done()) {
    if (performance.now() > end) throw new Error('it did not come to pass within a minute');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
