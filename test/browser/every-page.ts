import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Locale } from '../../src/words/locale.ts';
import { operate } from '../cli/operator.ts';
import { launch } from '../kit/chromium.ts';
import { HttpClient } from '../kit/http-client.ts';
import { PASSWORD } from '../kit/people.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { VirtualKey } from '../kit/virtual-key.ts';
import { lookAtApps } from './apps-tour.ts';
import { lookAtPeople } from './people-tour.ts';
import { lookAtRules } from './rules-tour.ts';
import { appCode, Tour } from './tour.ts';

// Every page of the product in every state that a person can meet; once in each language, in files of their own, so that
// they can run side by side. What must be true of all of them stands in inspect.ts. SHOTS_DIR=… keeps a picture of each:
// phone and desktop, light and dark.

/** 60 characters without a place to break. */
const LONG_NAME = `Wolfeschlegelsteinhausenbergerdorff${'x'.repeat(25)}`;

/** As long as an address may be: 64 before the @, 254 in all. */
function longAddress(start: string): string {
  const domain = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(49)}.example.org`;
  return `${start.padEnd(64, 'x')}@${domain}`;
}

/** Many pages in one walk; on a busy machine, with pictures, they take their time. */
const SLOW = { timeout: 300_000 };

export function lookAtEveryPage(locale: Locale): void {
  let server: ServerProcess;
  let browser: Browser;
  let tour: Tour;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer({ SUPPORT_EMAIL: 'help@example.org' }), launch()]);
    tour = await Tour.begin(server, browser, locale);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  function nothingWrong({ faults }: Tour): void {
    expect(faults.splice(0)).toEqual([]);
  }

  test('before anything was sent', async () => {
    await tour.visit('mailbox-empty', '/mailbox');
    nothingWrong(tour);
  });

  test('somebody who has no account yet', SLOW, async () => {
    await tour.visit('sign-in', '/sign-in?return_to=/account/sessions');
    await tour.sendAndLook('sign-in-wrong', '/sign-in', { email: 'nobody@example.org', password: 'wrong' });
    await tour.open('/sign-in');
    await tour.sendAndLook('sign-in-nothing', '/sign-in', { email: '', password: '' });
    await tour.visit('set-up', server.setUpLink as string);
    await tour.sendAndLook('set-up-error', '/setup', { name: '', email: 'me', password: 'password1234' });
    await tour.visit('sign-up', '/sign-up');
    await tour.sendAndLook('sign-up-error', '/sign-up', { name: '', email: 'me' });
    await tour.visit('forgot-password', '/forgot-password');
    await tour.sendAndLook('check-email', '/forgot-password', { email: 'nobody@example.org' });
    await tour.visit('bad-link', '/reset-password?token=abc');
    await tour.visit('help', '/help');
    await tour.visit('not-found', '/nothing/here');
    expect(await tour.open('/sign-out')).toBe(405);
    await tour.look('wrong-method');
    // From nowhere: what is written into one of our pages would count as ours.
    await tour.page.goto('about:blank');
    await tour.page.setContent(
      `<form method="post" action="${server.url}/sign-in"><button>x</button></form>`,
    );
    const answer = tour.page.waitForResponse(`${server.url}/sign-in`);
    await tour.page.getByRole('button').click();
    expect((await answer).status()).toBe(403);
    await tour.page.waitForLoadState();
    await tour.look('wrong-origin');
    nothingWrong(tour);
  });

  test('an administrator', SLOW, async () => {
    const email = longAddress(`administrator-${locale}`);
    const env = { PORT: new URL(server.url).port, DATA_DIR: server.dataDir };
    const made = await operate(
      env,
      ['account', 'create', '--email', email, '--name', LONG_NAME, '--role', 'admin', '--password-stdin'],
      PASSWORD,
    );
    expect(made.code).toBe(0);
    await tour.signIn(email, PASSWORD);
    await tour.look('must-enrol-unproven');
    await tour.visit('enrol-link', await tour.mailed(email, '/enrol'));
    await tour.sendAndLook('must-enrol-proven', '/enrol');
    await tour.visit('enrol-required', '/account/security/totp');
    await tour.sendAndLook('enrol-required-wrong', '/account/security/totp', { code: '000000' });
    const { secret } = await tour.enrolment();
    await tour.sendAndLook('security-required', '/account/security/totp', { code: appCode(secret) });
    await tour.visit('start-administrator', '/');
    await tour.visit('disable-administrator', '/account/security/disable');

    await lookAtPeople(tour, longAddress(`invited-${locale}`), LONG_NAME);
    await lookAtApps(tour, LONG_NAME, `https://wiki-${locale}.a-rather-long-name.example.org`);
    await lookAtRules(tour);
    nothingWrong(tour);
  });

  test('a member, from the invitation to the last recovery code', SLOW, async () => {
    const email = longAddress(`member-${locale}`);
    await tour.leave();
    await tour.open('/sign-up');
    await tour.send('/sign-up', { name: LONG_NAME, email });
    await tour.visit('invitation', await tour.mailed(email, '/invitation'));
    await tour.sendAndLook('invitation-error', '/invitation', { password: 'password1234' });
    await tour.sendAndLook('invitation-accepted', '/invitation', { password: PASSWORD });
    await tour.signIn(email, PASSWORD);
    await tour.look('start-unprotected');
    await tour.visit('sessions-one', '/account/sessions');
    await tour.visit('security-off', '/account/security');

    await tour.visit('keys-app-first', '/account/security/keys');
    await tour.visit('enrol-first', '/account/security/totp');
    await tour.sendAndLook('enrol-first-wrong', '/account/security/totp', { code: '000000' });
    const first = await tour.enrolment();
    await tour.sendAndLook('security-on', '/account/security/totp', { code: appCode(first.secret) });
    await tour.visit('start-protected', '/');
    await tour.visit('recovery-codes', '/account/security/recovery-codes');
    const older = { set: '0'.repeat(32) };
    await tour.sendAndLook('recovery-codes-older', '/account/security/recovery-codes', older);
    await tour.visit('disable-member', '/account/security/disable');
    await tour.sendAndLook('disable-member-wrong', '/account/security/disable', { password: 'wrong' });
    await tour.open('/account/security');
    const factorPath = (await tour.page
      .locator('a[href*="/factors/"]')
      .first()
      .getAttribute('href')) as string;
    await tour.visit('factor-only', factorPath);
    await tour.sendAndLook('factor-error', factorPath, { label: 'x'.repeat(61) });
    await tour.send(factorPath, { label: LONG_NAME });

    await tour.visit('enrol-further', '/account/security/totp');
    const second = await tour.enrolment();
    await tour.sendAndLook('security-two', '/account/security/totp', { code: appCode(second.secret) });
    await tour.visit('factor-of-two', factorPath);
    await tour.visit('factor-remove', `${factorPath}/remove`);
    await tour.visit('replace', `/account/security/totp?replaces=${factorPath.split('/').at(-1)}`);
    const third = await tour.enrolment();
    await tour.send('/account/security/totp', { code: appCode(third.secret), label: LONG_NAME });
    await tour.visit('undo-replace', await tour.mailed(email, '/undo'));
    await securityKey(email);

    await tour.visit('confirm', '/confirm?return_to=/account/email');
    await tour.sendAndLook('confirm-wrong', '/confirm?return_to=%2Faccount%2Femail', { password: 'wrong' });
    await tour.sendAndLook('confirm-factor', '/confirm?return_to=%2Faccount%2Femail', { password: PASSWORD });

    const recovery = longAddress(`recovery-${locale}`);
    await tour.visit('email-one', '/account/email');
    await tour.sendAndLook('email-error', '/account/email', { email: 'me' }, 'primary');
    await tour.sendAndLook('email-pending', '/account/email', { email: recovery }, 'recovery');
    await tour.visit('email-change-recovery', await tour.mailed(recovery, '/email-change'));
    await tour.sendAndLook('email-two', '/email-change');
    await tour.visit('email-remove-recovery', '/account/email/remove-recovery');
    await tour.visit('profile', '/account');
    await tour.sendAndLook('profile-error', '/account', { name: '' });
    await tour.open('/account');
    await tour.sendAndLook('profile-saved', '/account', { name: LONG_NAME });
    await tour.visit('password', '/account/password');
    const weak = { current_password: 'wrong', new_password: 'password1234' };
    await tour.sendAndLook('password-errors', '/account/password', weak);
    await tour.visit('data', '/account/export');
    await tour.visit('delete', '/account/delete');
    await tour.sendAndLook('delete-errors', '/account/delete', { confirmation: 'me', password: 'wrong' });

    for (const code of first.codes.slice(0, 9)) {
      const client = new HttpClient(server.url);
      await client.post('/sign-in', { email, password: PASSWORD });
      await client.post('/sign-in/factor/recovery-code', { code });
    }
    await tour.visit('sessions', '/account/sessions');
    const ending = tour.page.locator('a[href$="/end"]').first();
    await tour.visit('session-end', (await ending.getAttribute('href')) as string);
    await tour.visit('sessions-end-others', '/account/sessions/end-others');
    await tour.visit('security-one-code', '/account/security');
    await tour.visit('activity', '/account/activity');
    await tour.visit('activity-none', '/account/activity?before=1');

    const changed = longAddress(`changed-${locale}`);
    await tour.open('/account/email');
    await tour.send('/account/email', { email: changed }, 'primary');
    await tour.visit('email-change', await tour.mailed(changed, '/email-change'));
    await tour.sendAndLook('email-changed', '/email-change');
    await tour.visit('undo-email', await tour.mailed(email, '/undo'));
    nothingWrong(tour);
    await secondStep(changed);
    await tour.visit('not-me', await tour.mailed(changed, '/not-me'));
    await tour.sendAndLook('not-me-done', '/not-me');
    await tour.visit('mailbox', '/mailbox');
    nothingWrong(tour);
  });

  test('the mails of this walk, of a long name to a long address, on a narrow phone', SLOW, async () => {
    const answer = await fetch(`${server.url}/mailbox?format=json`);
    const mails = (await answer.json()) as { readonly subject: string; readonly html: string }[];
    const kinds = new Map(mails.map((mail) => [mail.subject, mail.html]));
    expect(kinds.size).toBeGreaterThan(10);
    // Our own pages allow no style of a letter's kind.
    await tour.page.goto('about:blank');
    await tour.page.setViewportSize({ width: 320, height: 720 });
    const wide: string[] = [];
    for (const [subject, letter] of kinds) {
      await tour.page.setContent(letter);
      const width = await tour.page.evaluate<number>('document.documentElement.scrollWidth');
      if (width > 320) wide.push(`${subject}: ${width} pixels`);
    }
    expect(wide).toEqual([]);
  });

  /** Adds a key, looks at every page that asks for it, and removes it. */
  async function securityKey(email: string): Promise<void> {
    const key = await VirtualKey.plugIn(tour.page, { transport: 'usb' });
    const keys = '/account/security/keys';
    await tour.visit('keys', keys);
    await tour.sendAndLook('keys-error', keys, { label: 'x'.repeat(61) });
    await tour.open(keys);
    await tour.sendAndLook('security-key', keys, { label: LONG_NAME });
    const path = await tour.page.locator('a[href*="/factors/"]').last().getAttribute('href');
    await tour.visit('factor-key', path as string);
    await tour.visit('keys-replace', `${keys}?replaces=${(path as string).split('/').at(-1)}`);
    const signedIn = await tour.context.cookies();
    await tour.signIn(email, PASSWORD);
    await tour.look('second-step-key');
    await key.bend({ isBogusSignature: true });
    await tour.sendAndLook('second-step-key-wrong', '/sign-in/factor/webauthn');
    await tour.leave();
    await tour.open('/sign-in');
    await tour.sendAndLook('sign-in-passkey-wrong', '/sign-in/passkey');
    await tour.context.addCookies(signedIn);
    await key.pullOut();
    await tour.open(path as string);
    await tour.send(`${path}/remove`);
  }

  /** Of somebody with two apps and one recovery code; ends with typed codes on hold and a new password. */
  async function secondStep(email: string): Promise<void> {
    await tour.signIn(email, PASSWORD);
    await tour.look('second-step');
    await tour.page.locator('summary').click();
    await tour.look('second-step-trouble');
    await tour.sendAndLook('second-step-wrong', '/sign-in/factor/totp', { code: '000000' });
    await tour.visit('recovery-code', '/sign-in/factor?method=recovery-code');
    await tour.sendAndLook('recovery-code-wrong', '/sign-in/factor/recovery-code', { code: 'AAAA' });
    for (let round = 0; round < 2; round++) {
      const guesser = new HttpClient(server.url);
      await guesser.post('/sign-in', { email, password: PASSWORD });
      for (let wrong = 0; wrong < 5; wrong++) await guesser.post('/sign-in/factor/totp', { code: '000000' });
    }
    await tour.open('/sign-in/factor');
    await tour.sendAndLook('second-step-hold', '/sign-in/factor/totp', { code: '000000' });

    await tour.leave();
    await tour.open('/forgot-password');
    await tour.send('/forgot-password', { email });
    await tour.visit('reset', await tour.mailed(email, '/reset-password'));
    await tour.sendAndLook('reset-error', '/reset-password', { password: 'password1234' });
    await tour.sendAndLook('reset-done', '/reset-password', { password: `${PASSWORD}-new` });
  }
}
