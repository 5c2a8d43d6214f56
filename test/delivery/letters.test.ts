import { afterEach, describe, expect, test } from 'vitest';
import { listMailbox, type MailboxEntry } from '../../src/delivery/mailbox.ts';
import { DAY, MINUTE } from '../../src/kit/clock.ts';
import { type LetterRequest, queueLetter } from '../../src/notices/letters.ts';
import { LOCALES } from '../../src/words/locale.ts';
import { openMailStage, type Stage } from './stage.ts';

describe('security mails', () => {
  let stage: Stage;
  let outbox: ReturnType<Stage['outbox']>;
  afterEach(() => stage.close());

  async function open(): Promise<void> {
    ({ stage, outbox } = await openMailStage());
  }

  const account = { id: 'a1', email: 'ann@example.org', name: 'Ann Stranger', locale: 'en' };
  const LETTERS: readonly (readonly [LetterRequest, string, readonly string[]])[] = [
    [
      { kind: 'invitation', account, token: 'T', lifetime: 7 * DAY },
      'Your invitation to Acme',
      ['/invitation?token=T', '7 days'],
    ],
    [
      { kind: 'sign_up_invitation', address: 'new@example.org', locale: 'en', token: 'T', lifetime: DAY },
      'Confirm your e-mail address for Acme',
      ['/invitation?token=T', '24 hours'],
    ],
    [
      { kind: 'sign_up_existing', account },
      'You already have an account at Acme',
      ['/sign-in', '/forgot-password'],
    ],
    [
      { kind: 'reset_link', account, token: 'T' },
      'Choose a new password for Acme',
      ['/reset-password?token=T', '30 minutes'],
    ],
    [
      { kind: 'admin_reset_link', account, token: 'T' },
      'Choose a new password for Acme',
      ['/reset-password?token=T', '30 minutes', 'An administrator of Acme', 'has ended your sessions'],
    ],
    [
      { kind: 'email_change_link', account, address: 'new@example.org', token: 'T', lifetime: 30 * MINUTE },
      'Confirm your new e-mail address for Acme',
      ['/email-change?token=T', '30 minutes'],
    ],
    [
      { kind: 'enrol_link', account, token: 'T' },
      'Set up your second step at Acme',
      ['/enrol?token=T', '30 minutes'],
    ],
  ];

  test.each(LETTERS)('letter $kind', async (request, subject, mentions) => {
    await open();
    for (const locale of LOCALES) {
      await stage.database.db.deleteFrom('mailbox').execute();
      const own =
        'account' in request ? { ...request, account: { ...account, locale } } : { ...request, locale };
      await stage.database.transaction((tx) => queueLetter(tx, { ...stage, outbox }, own as LetterRequest));
      await outbox.flush();
      const [mail] = (await listMailbox(stage)) as [MailboxEntry];
      if (locale === 'en') expect(mail.subject).toBe(subject);
      else expect(mail.subject).not.toBe(subject);
      const strange = 'address' in request;
      expect(mail.to).toBe(strange ? 'new@example.org' : 'ann@example.org');
      // To an address that nobody has proven goes no word that somebody typed.
      expect(mail.text.includes('Ann Stranger')).toBe(!strange);
      for (const path of mentions.filter((one) => one.startsWith('/'))) {
        expect(mail.text.split('\n')).toContain(`http://localhost:3000${path}`);
        expect(mail.html).toContain(`href="http://localhost:3000${path}"`);
      }
      if (locale === 'en') for (const mention of mentions) expect(mail.text).toContain(mention);
    }
  });
});
