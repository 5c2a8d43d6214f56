import { afterEach, describe, expect, test } from 'vitest';
import { halfSignedIn, MINUTE, tokenOf } from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, addProtectedPerson, enterPassword, isSignedIn } from '../kit/people.ts';
import {
  answerText,
  codeFor,
  enrolPhone,
  otherCode,
  PHONE,
  plantedPhone,
  recoveryCodesIn,
  sendText,
  textedCode,
  textsTo,
} from '../kit/phones.ts';
import { type Smtp, startSmtp } from '../kit/smtp.ts';

const OTHER = '+34611222333';

describe.each(ENGINES)('codes by text message, on %s', (engine) => {
  let house: House;
  let smtp: Smtp | null = null;
  afterEach(async () => {
    await house.close();
    await smtp?.stop();
    smtp = null;
  });
  const open = async (env: Record<string, string> = {}) => {
    house = await openHouse({ engine, env });
    return house;
  };

  test('R15: a code that was used makes room for the next one; one that was not does so after a minute', async () => {
    await open();
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    await browser.post('/account/security/sms', { phone: PHONE });
    await browser.get('/account/security/sms/confirm');
    await browser.post('/account/security/sms/confirm', { code: await codeFor(house, PHONE) });
    const other = house.browser();
    await enterPassword(other, person);
    expect((await other.post('/sign-in/factor/sms/send')).status).toBe(303);
    expect((await other.post('/sign-in/factor/sms/send')).status).toBe(429);
    house.clock.advance(MINUTE);
    expect((await other.post('/sign-in/factor/sms/send')).status).toBe(303);
  });

  test('a phone as the first method: its number, recovery codes, its code; then the second step', async () => {
    await open();
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    expect((await browser.get('/account/security/sms/confirm')).location).toBe('/account/security/sms');
    const form = await browser.get('/account/security/sms');
    expect(textOf(form.body)).toContain('it can be intercepted');
    expect(form.body).toContain('<option value="ES"');

    const shown = await browser.submit('/account/security/sms', { phone: '600 123 456', country: 'ES' });
    const codes = recoveryCodesIn(shown.body);
    expect(codes).toHaveLength(10);
    const code = await codeFor(house, PHONE);
    const wrong = await browser.post('/account/security/sms/confirm', { code: otherCode(code) });
    expect(wrong.status).toBe(422);
    expect(recoveryCodesIn(wrong.body)).toEqual(codes);
    expect(textOf(wrong.body)).toContain('Type the one from the newest message.');
    expect(await isOn(person.id)).toBe(false);
    const on = await browser.submit('/account/security/sms/confirm', {
      code: `${code.slice(0, 3)} ${code.slice(3)}`,
    });
    expect(textOf(on.body)).toContain('Two-factor authentication is on.');
    expect(on.body).not.toContain('600123456');
    const [mail] = await house.mails(person.email);
    expect(mail?.subject).toBe('Two-factor authentication is on');
    expect(mail?.text).toContain('Number ending in: 56');
    expect(`${mail?.text}${mail?.html}`).not.toMatch(/600 ?123/);

    await browser.post('/sign-out');
    house.clock.advance(MINUTE);
    expect((await enterPassword(browser, person)).location).toBe('/sign-in/factor');
    const asked = await browser.get('/sign-in/factor');
    expect(textOf(asked.body)).toContain('the number ending in 56');
    expect(asked.body).not.toContain('600123456');
    // Nothing goes out by looking, however often.
    await browser.get('/sign-in/factor?method=sms');
    expect(await textsTo(house, PHONE)).toHaveLength(1);
    const sent = await sendText(browser);
    expect([sent.status, sent.location]).toEqual([303, '/sign-in/factor?method=sms']);
    expect(textOf((await browser.get(sent.location)).body)).toContain('Type the code from the message');
    expect(await textsTo(house, PHONE)).toHaveLength(2);
    expect((await answerText(browser, code)).status).toBe(422);
    const done = await answerText(browser, await codeFor(house, PHONE));
    expect([done.status, done.location]).toEqual([303, '/']);
    expect(await isSignedIn(browser)).toBe(true);

    const again = await halfSignedIn(house, person);
    expect((await again.post('/sign-in/factor/recovery-code', { code: codes[0] as string })).status).toBe(
      303,
    );
    expect(await isSignedIn(again)).toBe(true);
  });

  test('the mailbox has it as a text message with the number and one run of six digits', async () => {
    await open();
    const { person, number } = await plantedPhone(house);
    await textedCode(house, person, number);
    const entries = (await house.browser().get('/mailbox?format=json', { host: 'localhost:3000' })).json<
      { to: string; subject: string; text: string; html: string; at: number; channel: string }[]
    >();
    const [entry] = entries.filter(({ channel }) => channel === 'sms');
    expect(entry).toEqual({
      to: number,
      subject: '',
      text: expect.stringMatching(/^\D*\d{6}\D*$/),
      html: '',
      at: house.clock.now(),
      channel: 'sms',
    });
    expect(entry?.text).toContain('Countersign');
  });

  test('a new code voids the one before; one a minute', async () => {
    await open();
    const { person, number } = await plantedPhone(house);
    const { browser, code: first } = await textedCode(house, person, number);
    const soon = await sendText(browser);
    expect([soon.status, soon.headers['retry-after']]).toEqual([429, '60']);
    expect(textOf(soon.body)).toContain('It is too soon for another code. You can have one in 60 seconds.');
    expect(await textsTo(house, number)).toHaveLength(1);
    house.clock.advance(MINUTE);
    expect((await sendText(browser)).status).toBe(303);
    const second = await codeFor(house, number);
    if (first !== second) {
      const wrong = await answerText(browser, first);
      expect(wrong.status).toBe(422);
      expect(textOf(wrong.body)).toContain('Type the one from the newest message.');
      // None comes by itself.
      expect(textOf(wrong.body)).not.toContain('Wait for the next one');
    }
    expect((await answerText(browser, second)).status).toBe(303);
  });

  test('a code is good for SMS_CODE_MAX and no longer', async () => {
    await open({ SMS_CODE_MAX: '2m' });
    const { person, number } = await plantedPhone(house);
    const { browser, code } = await textedCode(house, person, number);
    house.clock.advance(2 * MINUTE);
    expect((await answerText(browser, code)).status).toBe(422);
    expect((await sendText(browser)).status).toBe(303);
    house.clock.advance(2 * MINUTE - 1);
    expect((await answerText(browser, await codeFor(house, number))).status).toBe(303);
  });

  test('a code that is too old when a phone is set up is not said to have lasted ten minutes', async () => {
    await open({ SMS_CODE_MAX: '2m' });
    const browser = house.browser();
    await enterPassword(browser, await addPerson(house));
    await browser.post('/account/security/sms', { phone: PHONE });
    const code = await codeFor(house, PHONE);
    house.clock.advance(2 * MINUTE);
    const late = await browser.post('/account/security/sms/confirm', { code });
    expect([late.status, textOf(late.body)]).toEqual([422, expect.stringContaining('has expired')]);
    expect(textOf(late.body)).not.toContain('ten minutes');
  });

  test('step-up by text message', async () => {
    await open();
    const { person, number } = await plantedPhone(house);
    const { browser, code } = await textedCode(house, person, number);
    await answerText(browser, code);
    house.clock.advance(11 * MINUTE);
    const stale = await browser.post('/account/security/disable', { password: person.password });
    expect(stale.location).toBe('/confirm?return_to=%2Faccount%2Fsecurity%2Fdisable');
    await browser.submit('/confirm', { password: person.password });
    expect(textOf((await browser.get('/confirm/factor?method=sms')).body)).toContain('Send the code');
    const sent = await browser.post('/confirm/factor/sms/send');
    expect([sent.status, sent.location]).toEqual([303, '/confirm/factor?method=sms']);
    expect((await browser.post('/confirm/factor/sms', { code: await codeFor(house, number) })).status).toBe(
      303,
    );
    const off = await browser.submit('/account/security/disable', { password: person.password });
    expect(textOf(off.body)).toContain('Enable 2FA');
  });

  test('another number takes over with its own code; the old one works until then, and comes back by the mail', async () => {
    await open();
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    await enrolPhone(house, browser, PHONE);
    expect(textOf((await browser.get('/account/security/sms')).body)).toContain('Change your phone number');
    const shown = await browser.submit('/account/security/sms', { phone: OTHER });
    expect(recoveryCodesIn(shown.body)).toEqual([]);
    const newCode = await codeFor(house, OTHER);

    house.clock.advance(MINUTE);
    const meanwhile = await textedCode(house, person, PHONE);
    expect((await answerText(meanwhile.browser, meanwhile.code)).status).toBe(303);
    expect(await textsTo(house, OTHER)).toHaveLength(1);

    const changed = await browser.submit('/account/security/sms/confirm', { code: newCode });
    expect(textOf(changed.body)).toContain('Your phone is set up for codes.');
    expect(changed.body).not.toMatch(/600 ?123|611 ?222/);
    const [mail] = await house.mails(person.email);
    expect(mail?.subject).toBe('Your phone for codes was changed');
    expect(mail?.text).toContain(`Number ending in: ${OTHER.slice(-2)}`);
    expect(`${mail?.text}${mail?.html}`).not.toMatch(/600 ?123|611 ?222/);
    house.clock.advance(MINUTE);
    const now = await textedCode(house, person, OTHER);
    expect(await textsTo(house, PHONE)).toHaveLength(2);
    expect((await answerText(now.browser, now.code)).status).toBe(303);

    const undo = await house.link(person.email, '/undo');
    expect((await house.browser().post('/undo', { token: tokenOf(undo) })).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(false);
    house.clock.advance(MINUTE);
    const back = await textedCode(house, person, PHONE);
    expect((await answerText(back.browser, back.code)).status).toBe(303);
  });

  test('beside an app: offered second, preferred first, and gone once removed', async () => {
    await open();
    const { person, browser } = await addProtectedPerson(house);
    expect(await enrolPhone(house, browser, PHONE, { label: 'Work phone' })).toEqual([]);
    const overview = await browser.get('/account/security');
    expect(textOf(overview.body)).toContain('Work phone');
    const id = /factors\/([0-9a-f]{32})" aria-label="Manage: Work phone"/.exec(overview.body)?.[1];
    const asked = await (await halfSignedIn(house, person)).get('/sign-in/factor');
    expect(asked.body).toContain('action="/sign-in/factor/totp"');
    expect(asked.body).toContain('href="/sign-in/factor?method=sms"');

    expect((await browser.post(`/account/security/factors/${id}/prefer`)).status).toBe(303);
    const first = await (await halfSignedIn(house, person)).get('/sign-in/factor');
    expect(first.body).toContain('action="/sign-in/factor/sms/send"');
    expect(first.body).toContain('href="/sign-in/factor?method=totp"');

    const { browser: half, code } = await textedCode(house, person, PHONE);
    expect((await browser.post(`/account/security/factors/${id}/remove`)).status).toBe(303);
    expect((await answerText(half, code)).location).toBe('/sign-in');
    const after = await halfSignedIn(house, person);
    expect((await after.get('/sign-in/factor')).body).not.toContain('method=sms');
    expect((await sendText(after)).status).toBe(404);
    expect(await textsTo(house, PHONE)).toHaveLength(2);
    expect((await house.mails(person.email))[0]?.subject).toMatch(/^Phone .*was removed$/);
  });

  test('what is no number is said beside its field; nothing is sent', async () => {
    await open({ SMS_COUNTRIES: 'ES,PT' });
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    expect((await browser.get('/account/security/sms')).body).not.toContain('<option value="FR"');
    for (const [fields, says] of [
      [{ phone: 'my phone' }, 'Type a mobile number'],
      [{ phone: '600123456' }, 'Type a mobile number'],
      [{ phone: '', country: 'ES' }, ''],
      [{ phone: '+88161234567' }, 'Type a mobile number'],
      [{ phone: '+33612345678' }, 'We can’t send messages to this country.'],
      [{ phone: '612345678', country: 'FR' }, ''],
    ] as const) {
      const page = await browser.post('/account/security/sms', fields);
      expect(page.status).toBe(422);
      expect(textOf(page.body)).toContain(says);
    }
    expect((await house.mails()).filter(({ channel }) => channel === 'sms')).toEqual([]);
    expect((await browser.post('/account/security/sms', { phone: '600123456', country: 'ES' })).status).toBe(
      303,
    );
  });

  test('where 2FA is demanded, a phone is enough to get in', async () => {
    await open();
    const person = await addPerson(house, { email: 'boss@example.org', roles: 'admin' });
    const browser = house.browser();
    await enterPassword(browser, person);
    expect((await browser.post('/account/security/sms', { phone: PHONE })).location).toBe(
      '/account/security',
    );
    const page = await browser.get(await house.link(person.email, '/enrol'));
    const proven = await browser.submit('/enrol', { token: page.field('token') });
    expect(textOf(proven.body)).toContain('Add a phone for text messages');
    expect(await enrolPhone(house, browser, PHONE)).toHaveLength(10);
    expect((await browser.get('/account')).status).toBe(200);
  });

  test('R13: without a gateway text messages are off: no page, no offer, nothing sent', async () => {
    smtp = await startSmtp();
    await open({ SMTP_URL: smtp.url, SUPPORT_EMAIL: 'help@example.org' });
    const { person, codes } = await plantedPhone(house);
    const half = await halfSignedIn(house, person);
    expect((await half.get('/sign-in/factor?method=sms')).body).not.toContain('sms/send');
    expect((await sendText(half)).status).toBe(404);
    expect((await half.post('/sign-in/factor/recovery-code', { code: codes[0] as string })).status).toBe(303);
    expect((await half.get('/account/security/sms')).status).toBe(404);
    expect((await half.post('/account/security/sms', { phone: PHONE })).status).toBe(404);
    expect((await half.post('/account/security/sms/confirm', { code: '123456' })).status).toBe(404);
    expect((await half.get('/account/security')).body).not.toContain('/account/security/sms');
    const sent = await house.app.database.db.selectFrom('outbox').select('channel').execute();
    expect(sent.map(({ channel }) => channel)).not.toContain('sms');
  });

  async function isOn(accountId: string): Promise<boolean> {
    const { db } = house.app.database;
    const factors = await db.selectFrom('factor').select('id').where('account_id', '=', accountId).execute();
    return factors.length > 0;
  }
});
