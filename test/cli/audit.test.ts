import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../../src/audit/record.ts';
import { runCommand } from '../../src/cli/run.ts';
import { takeAwayGuards } from '../kit/audit-guards.ts';
import { ENGINES, type EngineName, type House } from '../kit/house.ts';
import { openOffice, type Run } from './operator.ts';

describe.each(ENGINES)('audit verify and export on %s', (engine: EngineName) => {
  let house: House;
  let run: Run;
  let env: Record<string, string>;
  const start = Date.UTC(2026, 4, 3);
  beforeAll(async () => {
    ({ house, env, run } = await openOffice({ engine }));
    await house.app.deps.database.transaction(async (tx) => {
      for (let index = 0; index < 2_500; index++) {
        const place = {
          now: start + index * 60_000,
          network: '192.0.2.1',
          browser: 'a\nb',
          requestId: `r${index}`,
        };
        await record(tx, place, { event: 'sign_out', subject: { pseudonym: 'p1' } });
      }
    });
  });
  afterAll(() => house.close());

  test('export: JSON lines since a day, an instant or a number, with their links', async () => {
    const all = await run('audit', 'export', '--since', '0');
    expect(all.lines).toHaveLength(2_500);
    const rows = all.lines.map((line) => JSON.parse(line));
    expect(rows[0]).toMatchObject({
      at: '2026-05-03T00:00:00.000Z',
      event: 'sign_out',
      browser: 'a\nb',
      link: { position: 1 },
    });
    expect(rows.map(({ link }) => link.position)).toEqual(rows.map((_row, index) => index + 1));
    for (const since of [
      '2026-05-04',
      '2026-05-04T00:00:00Z',
      '2026-05-04T02:00:00+02:00',
      String(start + 86_400_000),
    ]) {
      expect((await run('audit', 'export', '--since', since)).lines).toHaveLength(2_500 - 1_440);
    }
    expect((await run('audit', 'export', '--since', '2030-01-01')).stdout).toBe('');
  });

  test('export waits for a slow reader, and ends quietly with one that goes away', async () => {
    let waiting = 0;
    let most = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, next) {
        waiting++;
        most = Math.max(most, waiting);
        setImmediate(() => {
          waiting--;
          next();
        });
      },
    });
    const stderr = new Writable({ write: (_chunk, _encoding, next) => next() });
    const world = { env, stdin: Readable.from([]), stderr };
    const args = ['audit', 'export', '--since', '2026-05-04'];
    expect(await runCommand(args, { ...world, stdout: slow })).toBe(0);
    expect(most).toBe(1);

    let seen = 0;
    const head = new Writable({
      write(_chunk, _encoding, next) {
        seen++;
        next(seen < 3 ? null : Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    head.on('error', () => {});
    expect(await runCommand(args, { ...world, stdout: head })).toBe(0);
    expect(seen).toBe(3);
  });

  test('verify: how many and the head; changed, it exits 1 and names each problem', async () => {
    const whole = await run('audit', 'verify', '--json');
    expect([whole.code, whole.stderr]).toEqual([0, '']);
    expect(whole.json()).toEqual({ ok: true, events: 2_500, head: expect.stringMatching(/^[\w-]{43}$/) });
    expect((await run('audit', 'verify')).stdout).toMatch(
      /^The audit chain is whole: 2500 records, head [\w-]{43}\n$/,
    );

    const { db } = house.app.deps.database;
    await takeAwayGuards(house.app.deps.database);
    await db.updateTable('audit_event').set({ network: '192.0.2.99' }).where('seq', '=', 1_200).execute();
    await db.deleteFrom('audit_event').where('seq', '=', 2_000).execute();
    const broken = await run('audit', 'verify', '--json');
    expect(broken.code).toBe(1);
    expect(broken.json()).toMatchObject({ ok: false, events: 2_500 });
    const { code, message } = JSON.parse(broken.stderr);
    expect(code).toBe('audit_broken');
    expect(message).toContain('event 1200');
    expect(message).toContain('event 2000');
    expect((await run('audit', 'verify')).stderr).toContain('event 2000 is missing');
  });
});
