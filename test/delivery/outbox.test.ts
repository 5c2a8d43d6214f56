import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Undeliverable } from '../../src/delivery/sender.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/kit/clock.ts';
import { fakeSender, LINK, mail, queue, rows } from './parcels.ts';
import { ENGINES, openStage, type Stage } from './stage.ts';

describe.each(ENGINES)('outbox on %s', (engine) => {
  let stage: Stage;
  afterEach(() => stage.close());

  test('what a transaction queued is sent once after its commit, in order; what was rolled back never', async () => {
    stage = await openStage(engine);
    const { sender, sent } = fakeSender();
    const outbox = stage.outbox({ mail: sender });
    for (const subject of ['one', 'two', 'three']) await queue(stage, outbox, subject);
    await expect(
      stage.database.transaction(async (tx) => {
        await outbox.enqueue(tx, { channel: 'mail', kind: 'test', accountId: null, message: mail('never') });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    await outbox.flush();
    await outbox.flush();
    expect(sent.map(({ subject }) => subject)).toEqual(['one', 'two', 'three']);
    const kept = await rows(stage);
    expect(kept.map(({ sealed, sent_at, leased_by }) => [sealed, sent_at, leased_by])).toEqual(
      kept.map(() => ['', stage.clock.now(), null]),
    );
  });

  test('a failing server is tried again after 5, 10, 20, 40, then every 60 seconds, with the same id', async () => {
    stage = await openStage(engine);
    const { sender, sent, state } = fakeSender();
    const outbox = stage.outbox({ mail: sender });
    await queue(stage, outbox, 'late');
    state.broken = Object.assign(new Error(`451 try later <ann@example.org> ${LINK}`), { code: 'EENVELOPE' });
    for (const [tries, pause] of [
      [1, 5],
      [2, 10],
      [3, 20],
      [4, 40],
      [5, 60],
      [6, 60],
    ] as const) {
      await outbox.flush();
      expect(state.tries).toBe(tries);
      stage.clock.advance(pause * SECOND - 1);
      await outbox.flush();
      expect(state.tries).toBe(tries);
      stage.clock.advance(1);
    }
    state.broken = null;
    await outbox.flush();
    const [row] = await rows(stage);
    expect(sent).toEqual([{ subject: 'late', id: row?.id }]);
    // R76: neither the note nor the log repeats the address or the link.
    expect(row?.last_error).toBe('EENVELOPE 451 try later <(address)> (link)');
    expect(stage.lines.join('')).not.toMatch(/ann@example|token=/);
  });

  test('it is tried for 72 hours from the first due time, and then given up with a line in the log', async () => {
    stage = await openStage(engine);
    const { sender, state } = fakeSender();
    const outbox = stage.outbox({ mail: sender });
    const due = stage.clock.now() + 14 * DAY;
    await queue(stage, outbox, 'policy', due);
    await outbox.flush();
    expect(state.tries).toBe(0);
    state.broken = new Error('away');
    stage.clock.advance(14 * DAY);
    for (let waited = 0; waited < 3 * DAY; waited += HOUR) {
      await outbox.flush();
      stage.clock.advance(HOUR);
    }
    await outbox.flush();
    expect((await rows(stage))[0]?.failed_at).toBeNull();
    stage.clock.advance(15 * MINUTE);
    await outbox.flush();
    const [row] = await rows(stage);
    expect(row).toMatchObject({ failed_at: stage.clock.now(), sealed: '', sent_at: null });
    expect(stage.lines.filter((line) => line.includes('failed for good'))).toHaveLength(1);
    const { tries } = state;
    stage.clock.advance(HOUR);
    await outbox.flush();
    expect(state.tries).toBe(tries);
  });

  test('what is refused for good fails at once', async () => {
    stage = await openStage(engine);
    const { sender, state } = fakeSender();
    const outbox = stage.outbox({ mail: sender });
    await queue(stage, outbox, 'nobody');
    state.broken = new Undeliverable('550 no such user');
    await outbox.flush();
    expect((await rows(stage))[0]).toMatchObject({ failed_at: stage.clock.now(), sealed: '' });
  });

  test('A27: neither the address nor the link of a mail stands in the database, before or after it was sent', async () => {
    stage = await openStage(engine);
    const { sender, state } = fakeSender();
    const outbox = stage.outbox({ mail: sender });
    await queue(stage, outbox, 'canary-subject');
    state.broken = new Error('away');
    await outbox.flush();
    expect(await dump(stage)).not.toMatch(/ann@example|reset-password|Zm9vYmFy|canary-subject/);
    state.broken = null;
    stage.clock.advance(MINUTE);
    await outbox.flush();
    expect((await rows(stage))[0]?.sealed).toBe('');
  });
});

async function dump(stage: Stage): Promise<string> {
  if (stage.database.engine === 'sqlite') {
    return readdirSync(stage.folder)
      .map((name) => readFileSync(join(stage.folder, name), 'latin1'))
      .join('');
  }
  return JSON.stringify(await rows(stage));
}
