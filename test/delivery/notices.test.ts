import { afterEach, describe, expect, test } from 'vitest';
import type { Account } from '../../src/accounts/account.ts';
import { findLink, linkData } from '../../src/accounts/link.ts';
import { insertAccount } from '../../src/accounts/store.ts';
import type { LinkPurpose } from '../../src/database/tables/account.ts';
import { listMailbox, type MailboxEntry } from '../../src/delivery/mailbox.ts';
import { DAY } from '../../src/kit/clock.ts';
import type { Notice } from '../../src/notices/notice.ts';
import { type NoticePlace, notify } from '../../src/notices/notify.ts';
import { LOCALES, type Locale } from '../../src/words/locale.ts';
import { NOTICES, until } from './every-notice.ts';
import { openMailStage, type Stage } from './stage.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0';
describe('security mails', () => {
  let stage: Stage;
  let outbox: ReturnType<Stage['outbox']>;
  afterEach(() => stage.close());

  async function open(): Promise<void> {
    ({ stage, outbox } = await openMailStage());
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
    const undo = { row: 'k1.sealed', label: 'My old phone, +34 612 345 678' };
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
    // Of several apps one wants to know which no longer works.
    expect(mail.text).toContain('  Name: Pixel\n  In place of: My old phone, …78\n');
    const [unnamed] = (await told(await person('es'), {
      kind: 'factor_replaced',
      method: 'totp',
      factorId: 'f2',
      label: 'Authenticator app',
      undo: { label: 'Authenticator app 2' },
    })) as [MailboxEntry];
    expect(unnamed.text).toContain(
      'Método: Aplicación de autenticación\n  En lugar de: Aplicación de autenticación 2\n',
    );
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
});
