import type { MailMessage } from '../../src/delivery/message.ts';
import type { Outbox } from '../../src/delivery/outbox.ts';
import type { Delivery, MailSender } from '../../src/delivery/sender.ts';
import type { Stage } from './stage.ts';

export const LINK = 'http://localhost:3000/reset-password?token=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6';

export function mail(subject: string): MailMessage {
  return {
    to: { name: 'Ann', address: 'ann@example.org' },
    subject,
    text: `Open\n\n${LINK}\n`,
    html: '<p>x</p>',
  };
}

/** Keeps what it was given; fails as long as `broken` says how. */
export function fakeSender() {
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

export async function queue(stage: Stage, outbox: Outbox, subject: string, dueAt?: number): Promise<void> {
  await stage.database.transaction((tx) =>
    outbox.enqueue(tx, { channel: 'mail', kind: 'test', accountId: null, message: mail(subject) }, dueAt),
  );
}

export const rows = (stage: Stage) =>
  stage.database.db.selectFrom('outbox').selectAll().orderBy('id').execute();
