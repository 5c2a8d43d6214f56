import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionOf } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Page, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import {
  addKey,
  answerKey,
  askedAtFactor,
  keyRow,
  optionsOf,
  signInWithKey,
  usePasskey,
} from '../kit/keys.ts';
import { addPerson, addProtectedPerson, enterPassword, isSignedIn, signIn } from '../kit/people.ts';

const KEYS = '/account/security/keys';

/** What the page tells the browser for `signalAllAcceptedCredentials`. */
function acceptedBy({ body }: Page) {
  return JSON.parse(/data-accepted="([^"]*)"/.exec(body)?.[1]?.replaceAll('&quot;', '"') ?? '{}');
}

const acceptedIn = (page: Page): readonly string[] => acceptedBy(page).allAcceptedCredentialIds;

describe.each(ENGINES)('on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  test('a key is added beside the app, named, told by mail, and asked for first at the next sign-in', async () => {
    const { person, browser } = await addProtectedPerson(house);
    const key = new Authenticator();
    const page = await browser.get(KEYS);
    expect(optionsOf(page, KEYS)).toMatchObject({
      rp: { id: 'localhost' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      pubKeyCredParams: [{ alg: -7 }, { alg: -257 }, { alg: -8 }],
      excludeCredentials: [],
    });
    expect((await addKey(browser, key, { label: 'Blue' })).location).toBe('/account/security');
    const overview = await browser.get('/account/security');
    expect(textOf(overview.body)).toContain('Do you still have your recovery codes?');
    expect(overview.body).toContain('href="/account/security/recovery-codes"');
    expect(textOf(overview.body)).toContain('Blue');
    expect((await house.mails(person.email))[0]?.subject).toBe('Security key "Blue" was added');
    expect(optionsOf(await browser.get(KEYS), KEYS)).toMatchObject({ excludeCredentials: [{ id: key.id }] });

    const other = house.browser();
    await enterPassword(other, person);
    const asked = await other.get('/sign-in/factor');
    expect(textOf(asked.body)).toContain('Use your security key');
    expect(textOf(asked.body)).toContain('Use your authenticator app');
    expect(optionsOf(asked, '/sign-in/factor/webauthn').allowCredentials?.map(({ id }) => id)).toEqual([
      key.id,
    ]);
    expect((await answerKey(other, key)).location).toBe('/');
    expect(await isSignedIn(other)).toBe(true);
    expect(await sessionOf(house, other)).toMatchObject({
      amr: 'pwd hwk user mfa',
      acr: 'phr',
      method: 'webauthn',
    });
    expect((await keyRow(house, key))?.last_used_at).toBe(house.clock.now());
  });

  test('without a name it is called by its model, else by what it is; a second one is numbered', async () => {
    const { browser } = await addProtectedPerson(house);
    const yubi = { aaguid: 'cb69481e-8ff7-4039-93ec-0a2729a154a8' };
    const [one, two, three] = [new Authenticator(yubi), new Authenticator(yubi), new Authenticator()];
    for (const key of [one, two, three]) expect((await addKey(browser, key)).status).toBe(303);
    const labels = await Promise.all([one, two, three].map(async (key) => (await keyRow(house, key))?.label));
    expect(labels).toEqual(['YubiKey 5 Series', 'YubiKey 5 Series 2', 'Security key']);
  });

  test('no key before another factor, unless the organisation lets it come first; then with recovery codes', async () => {
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const refused = await browser.get(KEYS);
    expect(refused.status).toBe(409);
    expect(textOf(refused.body)).toContain('Set up an authenticator app first');
    expect((await browser.post(KEYS, { credential: '{}' })).status).toBe(409);

    await house.app.database.db
      .insertInto('policy_value')
      .values({ key: 'keys_first', value: 'allowed' })
      .execute();
    const page = await browser.get(KEYS);
    const codes = page.body.match(/[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}/g)?.slice(0, 10) ?? [];
    expect(codes).toHaveLength(10);
    const key = new Authenticator();
    const on = await addKey(browser, key);
    expect(on.location).toBe('/account/security');
    expect((await house.mails(person.email))[0]?.subject).toBe('Two-factor authentication is on');
    expect((await signInWithKey(house, person, key)).answer.location).toBe('/');
    const lost = house.browser();
    await enterPassword(lost, person);
    expect((await lost.post('/sign-in/factor/recovery-code', { code: codes[0] as string })).status).toBe(303);
  });

  test('a step-up takes the key, and the session rises to phr', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const key = new Authenticator();
    await addKey(browser, key);
    const other = house.browser();
    await signIn(house, other, person, secret);
    house.clock.advance(11 * 60_000);
    expect((await other.get(KEYS)).location).toBe('/confirm?return_to=%2Faccount%2Fsecurity%2Fkeys');
    await other.post('/confirm?return_to=%2Faccount%2Fsecurity%2Fkeys', { password: person.password });
    const options = await askedAtFactor(other, '/confirm/factor');
    const answer = await other.post('/confirm/factor/webauthn', { credential: key.get(options) });
    expect(answer.location).toBe(KEYS);
    expect((await other.get(KEYS)).status).toBe(200);
    expect((await sessionOf(house, other))?.acr).toBe('phr');
  });

  test('a passkey signs in alone, is a step-up, and leads to where the person was going', async () => {
    const { person, browser } = await addProtectedPerson(house);
    const key = new Authenticator({ backupEligible: true, backedUp: true, counts: false });
    await addKey(browser, key, { label: 'Phone' });
    const other = house.browser();
    const page = await other.get('/sign-in?return_to=/account/sessions');
    expect(page.body).toContain('autocomplete="username webauthn"');
    const options = optionsOf(page, '/sign-in/passkey');
    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    expect(options.allowCredentials).toBeUndefined();
    const answer = await other.post('/sign-in/passkey', {
      credential: key.get(options),
      return_to: page.field('return_to'),
    });
    expect(answer.location).toBe('/account/sessions');
    expect(other.cookies.has('passkey')).toBe(false);
    expect(await sessionOf(house, other)).toMatchObject({
      amr: 'swk user mfa',
      acr: 'phr',
      method: 'passkey',
    });
    expect((await other.get(KEYS)).status).toBe(200);
    expect((await house.mails(person.email)).map(({ subject }) => subject)).toContain(
      'New sign-in to Countersign',
    );
    // Synced passkeys count nothing (R20).
    for (let round = 0; round < 2; round++)
      expect((await usePasskey(house.browser(), key)).location).toBe('/');
  });

  test('a key without user verification is a second step and no passkey', async () => {
    const { person, browser } = await addProtectedPerson(house);
    const key = new Authenticator({ uv: false });
    await addKey(browser, key);
    const refused = await usePasskey(house.browser(), key);
    expect(refused.status).toBe(422);
    expect(textOf(refused.body)).toContain('That passkey was not accepted');
    expect((await signInWithKey(house, person, key)).answer.location).toBe('/');
  });

  test('a removed key is dead at once, and the browser is told so', async () => {
    const { person, browser } = await addProtectedPerson(house);
    const [kept, gone] = [new Authenticator(), new Authenticator()];
    await addKey(browser, kept);
    await addKey(browser, gone);
    const waiting = house.browser();
    await enterPassword(waiting, person);
    const options = await askedAtFactor(waiting);
    const id = (await keyRow(house, gone))?.id;
    const after = await browser.submit(`/account/security/factors/${id}/remove`);
    expect(textOf(after.body)).toContain('no longer signs you in');
    expect(acceptedBy(after)).toEqual({
      rpId: 'localhost',
      userId: gone.userHandle,
      allAcceptedCredentialIds: [kept.id],
    });
    expect((await waiting.post('/sign-in/factor/webauthn', { credential: gone.get(options) })).location).toBe(
      '/sign-in',
    );
    expect((await signInWithKey(house, person, gone)).answer.status).toBe(422);
    const unknown = await usePasskey(house.browser(), gone);
    expect(unknown.status).toBe(422);
    expect(unknown.body).toContain('data-unknown="{&quot;rpId&quot;:&quot;localhost&quot;');
    expect(unknown.body).toContain(gone.id);
    expect((await house.mails(person.email)).map(({ subject }) => subject)).toContain(
      'Security key 2 was removed',
    );
  });

  test('a key is replaced without a gap, and the undo brings the old one back', async () => {
    const { person, browser } = await addProtectedPerson(house);
    const [old, renewed] = [new Authenticator(), new Authenticator()];
    await addKey(browser, old, { label: 'Old' });
    const id = (await keyRow(house, old))?.id as string;
    await browser.post(`/account/security/factors/${id}/prefer`);
    expect(textOf((await browser.get(`${KEYS}?replaces=${id}`)).body)).toContain(
      'keeps working until the new one',
    );
    expect((await signInWithKey(house, person, old)).answer.status).toBe(303);
    expect((await addKey(browser, renewed, { label: 'New', replaces: id })).status).toBe(303);
    expect((await signInWithKey(house, person, old)).answer.status).toBe(422);
    expect((await signInWithKey(house, person, renewed)).answer.status).toBe(303);
    expect((await keyRow(house, renewed))?.preferred).toBe(1);
    // No browser is told to forget it while it may come back: without it the undo would bring back a dead key.
    expect(acceptedIn(await browser.get('/account/security'))).toEqual([renewed.id, old.id]);
    const early = await usePasskey(house.browser(), old);
    expect(early.status).toBe(422);
    expect(early.body).not.toContain('data-unknown');
    const told = (await house.mails(person.email)).find(({ subject }) => subject.endsWith('was replaced'));
    expect(told?.subject).toBe('Security key "Old" was replaced');
    expect(told?.text).toMatch(/Name: New\n +In place of: Old\n/);
    const link = await house.link(person.email, '/undo');
    const page = await house.browser().get(link);
    await house.browser().submit('/undo', { token: page.field('token') });
    expect((await signInWithKey(house, person, old)).answer.status).toBe(303);
    expect((await signInWithKey(house, person, renewed)).answer.status).toBe(422);
    const { browser: back } = await signInWithKey(house, person, old);
    expect(acceptedIn(await back.get('/account/security'))).toEqual([old.id]);
  });

  test('after the day in which it could come back, a replaced key is forgotten by browsers, too', async () => {
    const { person, browser } = await addProtectedPerson(house);
    const [old, renewed] = [new Authenticator(), new Authenticator()];
    await addKey(browser, old);
    await addKey(browser, renewed, { replaces: (await keyRow(house, old))?.id as string });
    house.clock.advance(24 * 60 * 60_000 + 1);
    const { browser: later } = await signInWithKey(house, person, renewed);
    expect(acceptedIn(await later.get('/account/security'))).toEqual([renewed.id]);
    expect((await usePasskey(house.browser(), old)).body).toContain('data-unknown');
  });

  test('renamed and preferred like any factor; the preferred one is asked for first', async () => {
    const { person, browser } = await addProtectedPerson(house);
    const key = new Authenticator();
    await addKey(browser, key);
    const app = (
      await house.app.database.db.selectFrom('factor').selectAll().where('kind', '=', 'totp').execute()
    )[0];
    await browser.post(`/account/security/factors/${app?.id}/prefer`);
    const other = house.browser();
    await enterPassword(other, person);
    expect(textOf((await other.get('/sign-in/factor')).body)).toContain('Type the code from your app');
    const id = (await keyRow(house, key))?.id;
    await browser.post(`/account/security/factors/${id}/prefer`);
    await browser.post(`/account/security/factors/${id}`, { label: 'Green' });
    expect(textOf((await other.get('/sign-in/factor')).body)).toContain('Use your security key');
    expect((await keyRow(house, key))?.label).toBe('Green');
  });

  test('a reload asks the same while it is young, and anew past its half', async () => {
    const { person, browser } = await addProtectedPerson(house);
    await addKey(browser, new Authenticator());
    const other = house.browser();
    await enterPassword(other, person);
    const stranger = house.browser();
    const pages = [
      async () => (await askedAtFactor(other)).challenge,
      async () => optionsOf(await browser.get(KEYS), KEYS).challenge,
      async () => optionsOf(await stranger.get('/sign-in'), '/sign-in/passkey').challenge,
    ];
    for (const challenge of pages) {
      const first = await challenge();
      expect(Buffer.from(first, 'base64url')).toHaveLength(32);
      house.clock.advance(149_000);
      expect(await challenge()).toBe(first);
      house.clock.advance(2_000);
      expect(await challenge()).not.toBe(first);
    }
  });
});

test('under an IP address keys are explained and not offered', async () => {
  const house = await openHouse({
    env: {
      BASE_URL: 'https://192.0.2.7',
      SMTP_URL: 'smtp://127.0.0.1:1',
      SUPPORT_EMAIL: 'help@example.org',
      MAIL_FROM: 'id@example.org',
    },
  });
  try {
    const browser = house.browser();
    const page = await browser.get('/sign-in');
    expect(page.body).not.toContain('/sign-in/passkey');
    expect(page.body).toContain('autocomplete="username"');
    const { browser: protectedBrowser } = await addProtectedPerson(house);
    const answer = await protectedBrowser.get(KEYS);
    expect(answer.status).toBe(409);
    expect(textOf(answer.body)).toContain('the address of this one is a number');
  } finally {
    await house.close();
  }
});
