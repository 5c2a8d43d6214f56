import { afterEach, describe, expect, test } from 'vitest';
import { createMailbox, listMailbox } from '../../src/delivery/mailbox.ts';
import { ENGINES, openStage, type Stage } from './stage.ts';

describe.each(ENGINES)('the local mailbox on %s', (engine) => {
  let stage: Stage;
  afterEach(() => stage.close());

  const queueMail = (outbox: ReturnType<Stage['outbox']>, subject: string) =>
    stage.database.transaction((tx) =>
      outbox.enqueue(tx, {
        channel: 'mail',
        kind: 'test',
        accountId: null,
        message: {
          to: { name: 'Ann', address: 'ann@example.org' },
          subject,
          text: `text of ${subject}`,
          html: '<p></p>',
        },
      }),
    );

  test('shows mails and text messages, newest first, also within one millisecond', async () => {
    stage = await openStage(engine);
    const outbox = stage.outbox(createMailbox(stage));
    for (let index = 1; index <= 12; index++) await queueMail(outbox, `mail ${index}`);
    await outbox.flush();
    stage.clock.advance(1);
    await stage.database.transaction((tx) =>
      outbox.enqueue(tx, {
        channel: 'sms',
        kind: 'code',
        accountId: null,
        message: { to: '+34600000000', text: '123456', expiresAt: stage.clock.now() + 1 },
      }),
    );
    await outbox.flush();
    const entries = await listMailbox(stage);
    expect(entries[0]).toEqual({
      to: '+34600000000',
      subject: '',
      text: '123456',
      html: '',
      at: stage.clock.now(),
      channel: 'sms',
    });
    expect(entries.slice(1).map(({ subject }) => subject)).toEqual(
      Array.from({ length: 12 }, (_, index) => `mail ${12 - index}`),
    );
    expect(entries[1]).toMatchObject({
      to: 'ann@example.org',
      channel: 'mail',
      text: 'text of mail 12',
      html: '<p></p>',
    });
  });

  test('keeps the latest 500, sealed, and a second try of the same parcel adds nothing', async () => {
    stage = await openStage(engine);
    const { mail } = createMailbox(stage);
    const signal = AbortSignal.timeout(60_000);
    for (let index = 0; index < 505; index++) {
      const message = {
        to: { name: '', address: 'ann@example.org' },
        subject: `mail ${index}`,
        text: '',
        html: '',
      };
      const id = String(index).padStart(6, '0');
      await mail.send(message, { id, signal });
      if (index === 504) await mail.send(message, { id, signal });
    }
    const entries = await listMailbox(stage);
    expect(entries).toHaveLength(500);
    expect([entries[0]?.subject, entries[499]?.subject]).toEqual(['mail 504', 'mail 5']);
    const rows = await stage.database.db.selectFrom('mailbox').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('example.org');
  });
});
