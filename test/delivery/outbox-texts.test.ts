import { afterEach, describe, expect, test } from 'vitest';
import type { Outbox } from '../../src/delivery/outbox.ts';
import { type MailSender, Undeliverable } from '../../src/delivery/sender.ts';
import { MINUTE, SECOND } from '../../src/kit/clock.ts';
import { queue, rows } from './parcels.ts';
import { ENGINES, openStage, type Stage } from './stage.ts';

describe.each(ENGINES)('outbox on %s', (engine) => {
  let stage: Stage;
  afterEach(() => stage.close());

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
});
