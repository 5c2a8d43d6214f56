import { afterEach, describe, expect, test } from 'vitest';
import type { Account } from '../../src/accounts/account.ts';
import { findLink, linkData } from '../../src/accounts/link.ts';
import { insertAccount } from '../../src/accounts/store.ts';
import type { LinkPurpose } from '../../src/database/tables/account.ts';
import { createMailbox, listMailbox, type MailboxEntry } from '../../src/delivery/mailbox.ts';
import { DAY, MINUTE } from '../../src/kit/clock.ts';
import { type LetterRequest, queueLetter } from '../../src/notices/letters.ts';
import type { Notice } from '../../src/notices/notice.ts';
import { type NoticePlace, notify } from '../../src/notices/notify.ts';
import { LOCALES, type Locale } from '../../src/words/locale.ts';
import { openStage, type Stage } from './stage.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0';
const until = Date.UTC(2026, 4, 3, 10, 15, 5);

/** One of each, with its English subject (`screens-and-mails.md` 2) and what else it must say. */
const NOTICES: readonly (readonly [Notice, string, readonly string[]])[] = [
  [
    { kind: 'two_factor_on', factorId: 'f1', method: 'totp', label: 'Pixel' },
    'Two-factor authentication is on',
    ['Authenticator app', 'Pixel', 'recovery codes'],
  ],
  [{ kind: 'two_factor_off', by: 'self' }, 'Two-factor authentication was disabled', ['You', 'Enable 2FA']],
  [{ kind: 'two_factor_off', by: 'operator' }, 'Two-factor authentication was disabled', ['The operator']],
  [
    { kind: 'factor_added', factorId: 'f2', method: 'webauthn', label: 'Blue' },
    'Security key "Blue" was added',
    ['Security key', 'Blue'],
  ],
  [
    { kind: 'factor_added', factorId: 'f2', method: 'sms', label: '+34 600 123 456' },
    'Your phone for codes was changed',
    ['…56'],
  ],
  [
    { kind: 'factor_removed', method: 'webauthn', label: 'Blue' },
    'Security key "Blue" was removed',
    ['Blue'],
  ],
  [
    { kind: 'factor_removed', method: 'webauthn', label: 'Blue', by: 'Bo Berg' },
    'Security key "Blue" was removed',
    ['Done by: Bo Berg', 'all your sessions have ended'],
  ],
  [
    { kind: 'role_changed', by: 'Bo Berg', role: 'admin' },
    'Your role was changed',
    ['Done by: Bo Berg', 'administrator of Acme', 'must use two-factor authentication'],
  ],
  [
    { kind: 'factor_replaced', method: 'totp', factorId: 'f1', label: 'Pixel', undo: { row: 'sealed' } },
    'Your authenticator app was changed',
    ['no longer works', '24 hours'],
  ],
  [
    { kind: 'key_suspended', method: 'webauthn', label: 'Blue' },
    'Your security key "Blue" was suspended',
    ['Blue', 'key was copied', 'remove or replace'],
  ],
  [{ kind: 'codes_regenerated' }, 'New recovery codes were made', ['no longer work']],
  [{ kind: 'code_used', remaining: 7 }, 'A recovery code was used', ['7 recovery codes are left']],
  [{ kind: 'codes_low', remaining: 1 }, 'Your recovery codes are running out', ['1 recovery code is left']],
  [{ kind: 'password_changed', how: 'changed' }, 'Your password was changed', ['other sessions have ended']],
  [{ kind: 'password_changed', how: 'reset' }, 'Your password was changed', ['All your sessions have ended']],
  [
    { kind: 'recovery_address_added', address: 'spare@example.org' },
    'A recovery address was added',
    ['spare@example.org'],
  ],
  [
    { kind: 'recovery_address_removed', address: 'spare@example.org' },
    'A recovery address was removed',
    ['spare@example.org'],
  ],
  [
    { kind: 'replace_undone', method: 'totp', label: 'Pixel' },
    'Your former authenticator app was restored',
    ['Pixel', 'removed'],
  ],
  [{ kind: 'wrong_code_burst' }, 'Someone knows your password', ['wrong code']],
  [{ kind: 'codes_held', until }, 'Sign-in codes are paused', ['15 minutes', 'Recovery codes still work']],
  [{ kind: 'codes_closed' }, 'Sign-in codes are closed', ['an administrator opens them']],
  [
    { kind: 'admin_reset', by: 'Bo Berg', reason: 'lost phone' },
    'An administrator reset your two-factor authentication',
    ['Bo Berg', 'lost phone'],
  ],
  [
    { kind: 'recovery_requested', effectiveAt: until, token: 'T' },
    'Recovery of your account was requested',
    [
      '3 May 2026, 10:15 (UTC)',
      'http://localhost:3000/recover/cancel?token=T',
      'somebody knows your password',
    ],
  ],
  [
    { kind: 'recovery_cancelled', by: 'sign-in' },
    'Recovery of your account was cancelled',
    ['You signed in with your second step'],
  ],
  [{ kind: 'recovery_refused' }, 'Recovery of your account was refused', ['is as it was']],
  [
    { kind: 'temporary_pass', by: 'Bo Berg, Cy Clark', reason: 'met in person', until, token: 'T' },
    'An administrator reset your two-factor authentication',
    [
      'Bo Berg, Cy Clark',
      'met in person',
      'Works until: 3 May 2026, 10:15 (UTC)',
      'http://localhost:3000/temporary-pass?token=T',
    ],
  ],
];

describe('security mails', () => {
  let stage: Stage;
  let outbox: ReturnType<Stage['outbox']>;
  afterEach(() => stage.close());

  async function open(): Promise<void> {
    stage = await openStage('sqlite', { env: { SUPPORT_EMAIL: 'help@example.org', BRAND: 'Acme' } });
    outbox = stage.outbox(createMailbox(stage));
  }

  async function person(locale: Locale | null, timeZone: string | null = null): Promise<Account> {
    const id = `account-${locale}`;
    const fields = {
      id,
      pseudonym: `p-${id}`,
      email: 'ann@example.org',
      name: 'Ann',
      roles: '',
      created_at: 1,
    };
    await stage.database.transaction((tx) =>
      insertAccount(tx, { ...fields, locale, time_zone: timeZone }, id, 1),
    );
    return (await stage.database.db
      .selectFrom('account')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()) as Account;
  }

  const place = (): NoticePlace => ({ now: stage.clock.now(), network: '203.0.113.7', browser: FIREFOX });

  async function told(
    account: Account,
    notice: Notice,
    sessionId: string | null = 's1',
  ): Promise<MailboxEntry[]> {
    await stage.database.db.deleteFrom('mailbox').execute();
    await stage.database.transaction((tx) =>
      notify(tx, { ...stage, outbox }, place(), account, notice, { sessionId }),
    );
    await outbox.flush();
    return listMailbox(stage);
  }

  const linkIn = (mail: MailboxEntry, path: string) =>
    mail.text.split('\n').find((line) => line.startsWith(`http://localhost:3000${path}?token=`));

  const openLink = (mail: MailboxEntry, path: string, purpose: LinkPurpose) =>
    findLink(stage.database.db, purpose, linkIn(mail, path)?.split('token=')[1] ?? '', stage.clock.now());

  test.each(NOTICES)('$kind', async (notice, subject, mentions) => {
    await open();
    const [mail] = await told(await person('en'), notice);
    expect(mail).toMatchObject({ to: 'ann@example.org', subject, channel: 'mail' });
    for (const mention of mentions) expect(mail?.text).toContain(mention);
  });

  test.each(LOCALES)(
    'each in %s: what, when, from where, and what to do if it was somebody else',
    async (locale) => {
      await open();
      const account = await person(locale, 'Europe/Madrid');
      const subjects = new Set<string>();
      for (const [notice, english] of NOTICES) {
        const [mail] = (await told(account, notice)) as [MailboxEntry];
        subjects.add(mail.subject);
        if (locale !== 'en') expect(mail.subject).not.toBe(english);
        const lines = mail.text.split('\n');
        expect(lines[0]).toBe(locale === 'en' ? 'Hello Ann,' : 'Hola, Ann:');
        expect(mail.text).toMatch(/2026, 12:00 \(Europe\/Madrid, GMT\+2\)/);
        expect(mail.text).toContain('203.0.113.7');
        expect(mail.text).toMatch(/Firefox 128 (on|en) Windows/);
        expect(mail.text).toContain('help@example.org');
        expect(lines).toContain('http://localhost:3000/account/password');
        // Every link alone on its line, and the same ones in the HTML part.
        for (const line of lines.filter((one) => one.includes('://'))) {
          expect(line).toMatch(/^http:\/\/localhost:3000\/[\w/?=-]+$/);
          expect(mail.html).toContain(`href="${line}"`);
        }
        const link = await openLink(mail, '/not-me', 'not-me');
        expect(link).toMatchObject({ account_id: account.id, expires_at: stage.clock.now() + 7 * DAY });
        expect(linkData(link as never)).toEqual({
          event: notice.kind,
          session: 's1',
          ...('factorId' in notice ? { factor: notice.factorId } : {}),
        });
        // Never a whole number.
        expect(mail.text + mail.html).not.toMatch(/600.?123/);
        expect(mail.html).toContain(`<html lang="${locale}">`);
      }
      expect(subjects.size).toBe(new Set(NOTICES.map(([, subject]) => subject)).size);
    },
  );

  test('"This wasn\'t me" is told in turn, and has nothing left to disown', async () => {
    await open();
    for (const locale of LOCALES) {
      const account = await person(locale, 'Europe/Madrid');
      const notice = { kind: 'security_frozen', until, method: 'webauthn', label: 'Blue' } as const;
      const [mail] = (await told(account, notice, null)) as [MailboxEntry];
      expect(mail.subject).toBe(
        { en: 'Security changes are paused', es: 'Los cambios de seguridad están en pausa' }[locale],
      );
      expect(mail.text).toMatch(/3 (May|de mayo de) 2026, 12:15 \(Europe\/Madrid, GMT\+2\)/);
      expect(mail.text).toContain('Blue');
      expect(mail.text).toContain('help@example.org');
      expect(mail.text).not.toMatch(/\/not-me|\/account\/password/);
      const [bare] = await told(account, { ...notice, method: '', label: '' }, null);
      expect(bare?.text).not.toMatch(/suspend/i);
      // What the pressed mail told of may have been done in no session, such as a password typed wrong.
      expect(bare?.text).toContain(locale === 'en' ? 'any session that did' : 'si lo que contaba el correo');
    }
  });

  test('without a known session or place, the mail says less and its link names none', async () => {
    await open();
    const account = await person(null);
    await stage.database.transaction((tx) =>
      notify(tx, { ...stage, outbox }, { now: stage.clock.now(), network: '', browser: '' }, account, {
        kind: 'admin_reset',
        by: 'operator',
        reason: 'asked by phone',
      }),
    );
    await outbox.flush();
    const [mail] = (await listMailbox(stage)) as [MailboxEntry];
    expect(mail.text).toContain('Done by: The operator of this server');
    expect(mail.text).not.toMatch(/Network address|Browser/);
    expect(mail.text).toContain('10:00 (UTC)');
    expect(linkData((await openLink(mail, '/not-me', 'not-me')) as never)).toEqual({ event: 'admin_reset' });
  });

  test('what somebody never had is not named: security keys, trusted browsers', async () => {
    await open();
    for (const locale of LOCALES) {
      const account = await person(locale);
      const textOf = async (notice: Notice) => (await told(account, notice))[0]?.text ?? '';
      const keys = /security keys?|llaves? de seguridad|key, replace|la llave/i;
      for (const notice of [
        { kind: 'codes_held', until },
        { kind: 'codes_closed' },
        { kind: 'code_used', remaining: 7 },
      ] as const) {
        expect(await textOf(notice)).not.toMatch(keys);
        expect(await textOf({ ...notice, keys: true })).toMatch(keys);
      }
      const off = { kind: 'two_factor_off', by: 'self' } as const;
      expect(await textOf(off)).not.toMatch(/no browser|ningún navegador/);
      expect(await textOf({ ...off, browsers: true })).toMatch(/no browser|ningún navegador/);
    }
  });

  test('an app without a name of its own is named once, in whatever language it got its name', async () => {
    await open();
    const account = await person('en');
    const on = { kind: 'two_factor_on', factorId: 'f1', method: 'totp' } as const;
    for (const label of ['Authenticator app', 'Aplicación de autenticación']) {
      const [mail] = (await told(account, { ...on, label })) as [MailboxEntry];
      expect(mail.text).toContain('Method: Authenticator app');
      expect(mail.text).not.toContain('Name:');
      const [removed] = await told(account, { kind: 'factor_removed', method: 'totp', label });
      expect(removed?.subject).toBe('Authenticator app was removed');
    }
    const [named] = await told(account, { ...on, label: 'Pixel' });
    expect(named?.text).toContain('Name: Pixel');
  });

  test('R48: a change of address is told to both, and only the old one can undo it, for 7 days', async () => {
    await open();
    const account = await person('en');
    const mails = await told(account, {
      kind: 'email_changed',
      from: 'old@example.org',
      to: 'new@example.org',
    });
    const [atNew, atOld] = mails as [MailboxEntry, MailboxEntry];
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual([
      ['new@example.org', 'Your e-mail address was changed'],
      ['old@example.org', 'Your e-mail address was changed'],
    ]);
    const undo = await openLink(atOld, '/undo', 'undo-email');
    expect(undo).toMatchObject({ expires_at: stage.clock.now() + 7 * DAY, address: 'old@example.org' });
    expect(linkData(undo as never)).toEqual({ from: 'old@example.org', to: 'new@example.org' });
    expect(linkIn(atNew, '/undo')).toBeUndefined();
    for (const mail of mails) expect(await openLink(mail, '/not-me', 'not-me')).not.toBeNull();
  });

  test('a replaced app can be undone for 24 hours', async () => {
    await open();
    const undo = { row: 'k1.sealed' };
    const [mail] = (await told(await person('en'), {
      kind: 'factor_replaced',
      method: 'totp',
      factorId: 'f1',
      label: 'Pixel',
      undo,
    })) as [MailboxEntry];
    const link = await openLink(mail, '/undo', 'undo-replace');
    expect(link?.expires_at).toBe(stage.clock.now() + DAY);
    expect(linkData(link as never)).toEqual(undo);
    expect(mail.text + mail.html).not.toContain('k1.sealed');
  });

  test('R75: a name or label full of markup and line breaks stays one harmless line', async () => {
    await open();
    const account = { ...(await person('en')), name: 'Ann\r\nBcc: eve@evil.example <b>' };
    const label = '<img src=x>\r\nSubject: x https://evil.example';
    const [mail] = (await told(account, {
      kind: 'factor_added',
      factorId: 'f',
      method: 'webauthn',
      label,
    })) as [MailboxEntry];
    expect(mail.subject).toBe('Security key "<img src=x> Subject: x https: //evil.example" was added');
    expect(mail.html).not.toMatch(/<img|<b>/);
    expect(mail.text.split('\n')[0]).toBe('Hello Ann Bcc: eve@evil.example <b>,');
  });

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
