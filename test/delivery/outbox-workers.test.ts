import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import type { Outbox } from '../../src/delivery/outbox.ts';
import { LEASE } from '../../src/delivery/retry.ts';
import type { MailSender } from '../../src/delivery/sender.ts';
import { HOUR, MINUTE, SECOND } from '../../src/kit/clock.ts';
import { fakeSender, mail, queue, rows } from './parcels.ts';
import { ENGINES, openStage, type Stage } from './stage.ts';

describe.each(ENGINES)('outbox on %s', (engine) => {
  let stage: Stage;
  afterEach(() => stage.close());

  test('several processes: each parcel is sent by one of them', async () => {
    stage = await openStage(engine);
    const { sender, sent } = fakeSender();
    const outboxes = [0, 1, 2].map(() => stage.outbox({ mail: sender, database: stage.reopen() }));
    const subjects = Array.from({ length: 60 }, (_, index) => `mail ${index}`);
    await stage.database.transaction(async (tx) => {
      for (const subject of subjects) {
        await outboxes[0]?.enqueue(tx, {
          channel: 'mail',
          kind: 'test',
          accountId: null,
          message: mail(subject),
        });
      }
    });
    await Promise.all(outboxes.flatMap((outbox) => [outbox.flush(), outbox.flush()]));
    expect(sent.map(({ subject }) => subject).sort()).toEqual([...subjects].sort());
  });

  test('a process that dies with a parcel in hand loses it when the lease ends', async () => {
    stage = await openStage(engine);
    const { sender, sent } = fakeSender();
    const dying = stage.outbox({ mail: { send: () => new Promise(() => {}) }, database: stage.reopen() });
    await queue(stage, dying, 'orphan');
    dying.flush().catch(() => {});
    await expect.poll(async () => (await rows(stage))[0]?.leased_by).not.toBeNull();
    const next = stage.outbox({ mail: sender });
    await next.flush();
    expect(sent).toEqual([]);
    stage.clock.advance(LEASE - 1);
    await next.flush();
    expect(sent).toEqual([]);
    stage.clock.advance(1);
    await next.flush();
    expect(sent.map(({ subject }) => subject)).toEqual(['orphan']);
    expect((await rows(stage))[0]).toMatchObject({ sent_at: stage.clock.now(), attempts: 2 });
  });

  test('R74: where more wait than there are places for, the next go as soon as a place is free', async () => {
    stage = await openStage(engine);
    const { sender, sent } = fakeSender();
    const outboxes = [stage.database, stage.reopen()].map((database) =>
      stage.outbox({ mail: sender, database }),
    );
    for (let i = 0; i < 150; i++) await queue(stage, outboxes[0] as Outbox, `mail ${i}`);
    const begun = performance.now();
    for (const outbox of outboxes) outbox.start();
    await expect.poll(() => sent.length, { interval: 5, timeout: 30_000 }).toBe(150);
    // With a pause of a second whenever some ended together, it took nine.
    expect(performance.now() - begun).toBeLessThan(5_000);
    for (const outbox of outboxes) await outbox.stop();
  });

  test('a clock that jumps ahead does not make a process send twice what it is sending', async () => {
    stage = await openStage(engine);
    let release = () => {};
    let tries = 0;
    const slow: MailSender = {
      send: () => {
        tries++;
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    };
    const outbox = stage.outbox({ mail: slow });
    await queue(stage, outbox, 'slow');
    const first = outbox.flush();
    await expect.poll(() => tries).toBe(1);
    stage.clock.advance(HOUR);
    const second = outbox.flush();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(tries).toBe(1);
    release();
    await Promise.all([first, second]);
    expect((await rows(stage))[0]?.sent_at).toBe(stage.clock.now());
  });

  test('flush runs tasks, and sends what they queue in turn', async () => {
    stage = await openStage(engine);
    const { sender, sent } = fakeSender();
    const tasks = new Map<string, (data: Readonly<Record<string, string>>) => Promise<void>>();
    const outbox = stage.outbox({ mail: sender, tasks });
    let failures = 1;
    tasks.set('reset', async ({ address }) => {
      if (failures-- > 0) throw new Error('not yet');
      await queue(stage, outbox, `for ${address}`);
    });
    await stage.database.transaction((tx) =>
      outbox.enqueue(tx, {
        channel: 'task',
        kind: 'reset',
        accountId: null,
        message: { name: 'reset', data: { address: 'ann@example.org' } },
      }),
    );
    await outbox.flush();
    expect(sent).toEqual([]);
    stage.clock.advance(5 * SECOND);
    await outbox.flush();
    expect(sent.map(({ subject }) => subject)).toEqual(['for ann@example.org']);
  });

  test('a mail server that hangs holds up neither tasks nor text messages', async () => {
    stage = await openStage(engine);
    const texts: string[] = [];
    const hanging = stage.outbox({
      mail: { send: () => new Promise(() => {}) },
      sms: { send: async ({ text }) => void texts.push(text) },
    });
    for (let index = 0; index < 12; index++) await queue(stage, hanging, `mail ${index}`);
    await stage.database.transaction((tx) =>
      hanging.enqueue(tx, {
        channel: 'sms',
        kind: 'code',
        accountId: null,
        message: { to: '+34600000000', text: 'hi', expiresAt: stage.clock.now() + MINUTE },
      }),
    );
    hanging.flush().catch(() => {});
    await expect.poll(() => texts).toEqual(['hi']);
    expect((await rows(stage)).filter(({ leased_by }) => leased_by !== null)).toHaveLength(5);
  });
});

describe('the worker', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  test('a started outbox sends soon after the commit, and writes nothing while idle', {
    retry: 2,
  }, async () => {
    stage = await openStage('sqlite');
    const { sender, sent } = fakeSender();
    const outbox = stage.outbox({ mail: sender });
    outbox.start();
    const begun = performance.now();
    await queue(stage, outbox, 'now');
    await expect.poll(() => sent.length, { interval: 5 }).toBe(1);
    expect(performance.now() - begun).toBeLessThan(700);
    await expect.poll(async () => (await rows(stage))[0]?.sent_at).not.toBeNull();
    const before = await writes(stage);
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(await writes(stage)).toBe(before);
    await outbox.stop();
  });

  test('stop ends within 5 seconds and leaves what hangs to the next start', async () => {
    stage = await openStage('sqlite');
    const outbox = stage.outbox({ mail: { send: () => new Promise(() => {}) } });
    outbox.start();
    await queue(stage, outbox, 'hanging');
    await expect.poll(async () => (await rows(stage))[0]?.leased_by).not.toBeNull();
    const begun = performance.now();
    await outbox.stop();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect((await rows(stage))[0]).toMatchObject({ leased_by: null, due_at: stage.clock.now() + 5 * SECOND });
  });
});

/** Rows written since this connection was opened. */
async function writes(stage: Stage): Promise<number | undefined> {
  const found = await sql<{ n: number }>`select total_changes() as n`.execute(stage.database.db);
  return found.rows[0]?.n;
}
