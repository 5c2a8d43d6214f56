import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import type { MailMessage } from '../../src/delivery/message.ts';
import type { Outbox } from '../../src/delivery/outbox.ts';
import { LEASE } from '../../src/delivery/retry.ts';
import { type Delivery, type MailSender, Undeliverable } from '../../src/delivery/sender.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/kit/clock.ts';
import { ENGINES, openStage, type Stage } from './stage.ts';

const LINK = 'http://localhost:3000/reset-password?token=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6';

function mail(subject: string): MailMessage {
  return {
    to: { name: 'Ann', address: 'ann@example.org' },
    subject,
    text: `Open\n\n${LINK}\n`,
    html: '<p>x</p>',
  };
}

/** Keeps what it was given; fails as long as `broken` says how. */
function fakeSender() {
  const sent: { subject: string; id: string }[] = [];
  const state = { broken: null as Error | null, tries: 0 };
  const sender: MailSender = {
    async send(message: MailMessage, { id }: Delivery) {
      state.tries++;
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (state.broken) throw state.broken;
      sent.push({ subject: message.subject, id });
    },
  };
  return { sender, sent, state };
}

async function queue(stage: Stage, outbox: Outbox, subject: string, dueAt?: number): Promise<void> {
  await stage.database.transaction((tx) =>
    outbox.enqueue(tx, { channel: 'mail', kind: 'test', accountId: null, message: mail(subject) }, dueAt),
  );
}

const rows = (stage: Stage) => stage.database.db.selectFrom('outbox').selectAll().orderBy('id').execute();

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

  describe('text messages', () => {
    const queueText = (outbox: Outbox, life = 5 * MINUTE) =>
      stage.database.transaction((tx) =>
        outbox.enqueue(tx, {
          channel: 'sms',
          kind: 'code',
          accountId: null,
          message: { to: '+34600000000', text: '481516', expiresAt: stage.clock.now() + life },
        }),
      );
    const nobody: MailSender = { send: async () => {} };

    test('are not sent once their code has expired, and not queued for a try after that', async () => {
      stage = await openStage(engine);
      const tries: number[] = [];
      const outbox = stage.outbox({
        mail: nobody,
        sms: {
          send: async () => {
            tries.push(stage.clock.now());
            throw new Error('away');
          },
        },
      });
      const begun = stage.clock.now();
      const id = await queueText(outbox, 30 * SECOND);
      for (let second = 0; second < 60; second++) {
        await outbox.flush();
        stage.clock.advance(SECOND);
      }
      expect(tries.map((at) => (at - begun) / SECOND)).toEqual([0, 5, 15]);
      expect(await rows(stage)).toMatchObject([
        { id, failed_at: begun + 15 * SECOND, sealed: '', last_error: 'away' },
      ]);
      const late = await queueText(outbox, 30 * SECOND);
      stage.clock.advance(30 * SECOND);
      await outbox.flush();
      expect(tries).toHaveLength(3);
      expect(await outbox.outcome(late, 0)).toBe('failed');
      const all = await rows(stage);
      expect(all.at(-1)).toMatchObject({ sealed: '', last_error: 'its code has expired' });
    });

    test('A30: what became of one is known as soon as it is, without a running worker', async () => {
      stage = await openStage(engine);
      let problem: Error | null = null;
      const sms = {
        send: async () => {
          if (problem) throw problem;
        },
      };
      const outbox = stage.outbox({ mail: nobody, sms });
      expect(await outbox.outcome(await queueText(outbox), 5_000)).toBe('sent');
      problem = new Error('away');
      const begun = performance.now();
      expect(await outbox.outcome(await queueText(outbox), 5_000)).toBe('waiting');
      problem = new Undeliverable('no such number');
      expect(await outbox.outcome(await queueText(outbox), 5_000)).toBe('failed');
      expect(performance.now() - begun).toBeLessThan(2_000);
      expect(await outbox.outcome('nothing of the kind', 5_000)).toBe('failed');
    });

    test('A30: a gateway that hangs, and a mail server too: the answer comes in time, and again after the retry', async () => {
      stage = await openStage(engine);
      const nothing = () => {};
      let release = nothing;
      const sms = {
        send: () =>
          new Promise<void>((resolve) => {
            release = resolve;
          }),
      };
      const outbox = stage.outbox({ mail: { send: () => new Promise(() => {}) }, sms });
      for (let index = 0; index < 8; index++) await queue(stage, outbox, `mail ${index}`);
      const id = await queueText(outbox);
      const begun = performance.now();
      expect(await outbox.outcome(id, 300)).toBe('waiting');
      expect(performance.now() - begun).toBeLessThan(1_500);
      await expect.poll(() => release).not.toBe(nothing);
      release();
      expect(await outbox.outcome(id, 5_000)).toBe('sent');
    });

    test('R16: a sender that hears nothing is given up after five seconds', async () => {
      stage = await openStage(engine);
      const outbox = stage.outbox({ mail: nobody, sms: { send: () => new Promise(() => {}) } });
      const id = await queueText(outbox);
      const begun = performance.now();
      expect(await outbox.outcome(id, 8_000)).toBe('waiting');
      const took = performance.now() - begun;
      expect([took > 4_000, took < 7_500]).toEqual([true, true]);
    });

    test('R14: what is withdrawn is never sent, and what was sent stays sent', async () => {
      stage = await openStage(engine);
      const sent: string[] = [];
      const outbox = stage.outbox({
        mail: nobody,
        sms: { send: async (_message, { id }) => void sent.push(id) },
      });
      const first = await queueText(outbox);
      await stage.database.transaction((tx) => outbox.withdraw(tx, first));
      const second = await queueText(outbox);
      await outbox.flush();
      await stage.database.transaction((tx) => outbox.withdraw(tx, second));
      expect(sent).toEqual([second]);
      expect(await rows(stage)).toMatchObject([
        { failed_at: stage.clock.now(), sealed: '', sent_at: null },
        { failed_at: null, sent_at: stage.clock.now() },
      ]);
    });
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

async function dump(stage: Stage): Promise<string> {
  if (stage.database.engine === 'sqlite') {
    return readdirSync(stage.folder)
      .map((name) => readFileSync(join(stage.folder, name), 'latin1'))
      .join('');
  }
  return JSON.stringify(await rows(stage));
}
