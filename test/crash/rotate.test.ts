import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operate } from '../cli/operator.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';

const ENTRY = new URL('../../scripts/countersign.js', import.meta.url).pathname;
const ROUNDS = 6;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

test('R80: SIGKILL in a rotation, of the command and of the server, leaves a ring that works', {
  timeout: 120_000,
}, async () => {
  const env = { DATA_DIR: server.dataDir };
  const path = join(server.dataDir, 'keys.json');
  const made = ['account', 'create', '--email', 'a@example.org', '--name', 'A', '--password-stdin'];
  expect((await operate(env, made, 'mild-copper-walrus-42\n')).code).toBe(0);
  const start = () =>
    spawn(process.execPath, [ENTRY, 'keys', 'rotate'], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: 'ignore',
    });
  const began = performance.now();
  await once(start(), 'exit');
  const whole = performance.now() - began;
  for (let round = 0; round < ROUNDS; round++) {
    const child = start();
    const ended = once(child, 'exit');
    await new Promise((resolve) => setTimeout(resolve, whole * (0.5 + (0.6 * round) / ROUNDS)));
    child.kill('SIGKILL');
    await ended;
    if (round % 2 === 1) {
      await server.kill();
      server = await server.restart();
    }
    const ring = JSON.parse(readFileSync(path, 'utf8')) as { active: string; keys: Record<string, string> };
    expect(Object.keys(ring.keys)).toContain(ring.active);
    expect((await operate(env, ['audit', 'verify'])).code).toBe(0);
    expect((await operate(env, ['account', 'show', 'a@example.org'])).code).toBe(0);
  }
  await server.kill();
  server = await server.restart();
  const doctor = (await operate(env, ['doctor', '--json'])).json<{
    checks: { name: string; ok: boolean }[];
  }>();
  for (const name of ['key_ring', 'keys_of_database', 'key_rotation', 'audit'])
    expect([name, doctor.checks.find((check) => check.name === name)?.ok]).toEqual([name, true]);
  // A kill may leave a draft beside the ring, which nobody reads.
  expect(readdirSync(server.dataDir).filter((name) => name === 'keys.json')).toEqual(['keys.json']);
});
