import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  countOf,
  factorIdOf,
  freshCode,
  guessWrong,
  halfSignedIn,
  recordsOf,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import {
  addKey,
  answerKey,
  askedAtFactor,
  expectRefused,
  KEY_REFUSED,
  keyRow,
  optionsOf,
  PASSKEY_REFUSED,
  signInWithKey,
  triesOf,
  usePasskey,
  withKey,
} from '../kit/keys.ts';
import { appCode } from '../kit/people.ts';

const KEYS = '/account/security/keys';

describe.each(ENGINES)('on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ engine });
  });
  afterAll(() => house.close());

  test('A31: of twenty at once with one answer, exactly one is let in', async () => {
    const { person, key } = await withKey(house);
    const browser = await halfSignedIn(house, person);
    const credential = key.get(await askedAtFactor(browser));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => {
        const one = house.browser();
        one.cookies.set('pending', browser.cookies.get('pending') ?? '');
        return one.post('/sign-in/factor/webauthn', { credential });
      }),
    );
    expect(answers.filter(({ location }) => location === '/')).toHaveLength(1);
    expect(await recordsOf(house, person, 'sign_in.completed')).toHaveLength(2);
    expect((await keyRow(house, key))?.suspended_at).toBeNull();
  });

  test('A31: the same passkey answer twenty times: one session', async () => {
    const { person, key } = await withKey(house, { counts: false });
    const browser = house.browser();
    const options = optionsOf(await browser.get('/sign-in'), '/sign-in/passkey');
    const credential = key.get(options);
    const cookie = browser.cookies.get('passkey') ?? '';
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => {
        const one = house.browser();
        one.cookies.set('passkey', cookie);
        return one.post('/sign-in/passkey', { credential });
      }),
    );
    expect(answers.filter(({ location }) => location === '/')).toHaveLength(1);
    expect(await countOf(house, 'session', person)).toBe(2);
    const late = house.browser();
    late.cookies.set('passkey', cookie);
    expectRefused(await late.post('/sign-in/passkey', { credential }), PASSKEY_REFUSED);
  });

  test('A31: an answer that was seen before fits no other question, and a challenge in the body counts for nothing', async () => {
    const { person, key } = await withKey(house, { counts: false });
    const first = await halfSignedIn(house, person);
    const options = await askedAtFactor(first);
    const credential = key.get(options);
    expect((await first.post('/sign-in/factor/webauthn', { credential })).location).toBe('/');
    const second = await halfSignedIn(house, person);
    await askedAtFactor(second);
    const again = { credential, challenge: options.challenge, 'data-options': JSON.stringify(options) };
    expectRefused(await second.post('/sign-in/factor/webauthn', again), KEY_REFUSED);
    const third = await halfSignedIn(house, person);
    expectRefused(await third.post('/sign-in/factor/webauthn', { credential }), KEY_REFUSED);
    expect(await triesOf(house, third)).toBe(1);
  });

  test('A14, A34: the key of somebody else signs nobody else in', async () => {
    const [ann, bob] = [await withKey(house), await withKey(house)];
    const browser = await halfSignedIn(house, ann.person);
    const options = await askedAtFactor(browser);
    expect(options.allowCredentials?.map(({ id }) => id)).toEqual([ann.key.id]);
    expectRefused(
      await browser.post('/sign-in/factor/webauthn', { credential: bob.key.get(options) }),
      KEY_REFUSED,
    );
    // Bob's key under the id of Ann's, and Bob's key that says to be Ann's passkey.
    expectRefused(await answerKey(browser, bob.key, { id: ann.key.id }), KEY_REFUSED);
    expectRefused(
      await usePasskey(house.browser(), bob.key, { userHandle: ann.key.userHandle }),
      PASSKEY_REFUSED,
    );
    // The answer to Ann's question, from another browser that is half signed in as her.
    const other = await halfSignedIn(house, ann.person);
    const mine = ann.key.get(await askedAtFactor(browser));
    expectRefused(await other.post('/sign-in/factor/webauthn', { credential: mine }), KEY_REFUSED);
  });

  test('A34, R21: an id that somebody has is added to nobody else, not even at the same time', async () => {
    const ann = await withKey(house);
    const bob = await somebodyProtected(house);
    const answer = await addKey(bob.browser, ann.key);
    expect(answer.status).toBe(409);
    expect(textOf(answer.body)).toContain('it is in use already');
    expect(await countOf(house, 'factor', bob.person)).toBe(1);

    const contested = new Authenticator();
    const credentials = await Promise.all(
      [ann.browser, bob.browser].map(async (browser) =>
        contested.create(optionsOf(await browser.get(KEYS), KEYS)),
      ),
    );
    const answers = await Promise.all([
      ann.browser.post(KEYS, { credential: credentials[0] as string }),
      bob.browser.post(KEYS, { credential: credentials[1] as string }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
  });

  test('A34, R21: an id of 1,023 bytes is one, of 1,024 none', async () => {
    const { browser, person } = await somebodyProtected(house);
    expect((await addKey(browser, new Authenticator({ idLength: 1024 }))).status).toBe(422);
    expect((await addKey(browser, new Authenticator({ idLength: 1023 }))).status).toBe(303);
    expect(await countOf(house, 'factor', person)).toBe(2);
  });

  test('R17: a challenge belongs to one purpose and one holder, and ends after five minutes', async () => {
    const { person, browser, key, secret } = await withKey(house);
    // Of a registration, at sign-in.
    const half = await halfSignedIn(house, person);
    await askedAtFactor(half);
    const enrolment = optionsOf(await browser.get(KEYS), KEYS);
    expectRefused(
      await half.post('/sign-in/factor/webauthn', {
        credential: key.get({ ...enrolment, rpId: 'localhost' }),
      }),
      KEY_REFUSED,
    );
    // Of a step-up, at sign-in.
    await browser.post('/confirm', { password: person.password });
    const stepUp = await askedAtFactor(browser, '/confirm/factor');
    await askedAtFactor(half);
    expectRefused(await half.post('/sign-in/factor/webauthn', { credential: key.get(stepUp) }), KEY_REFUSED);
    // Of a passkey, at sign-in.
    const open = optionsOf(await house.browser().get('/sign-in'), '/sign-in/passkey');
    expectRefused(await half.post('/sign-in/factor/webauthn', { credential: key.get(open) }), KEY_REFUSED);
    // Too late.
    const asked = await askedAtFactor(half);
    const waiting = house.browser();
    const late = optionsOf(await waiting.get('/sign-in'), '/sign-in/passkey');
    house.clock.advance(5 * 60_000);
    expectRefused(await half.post('/sign-in/factor/webauthn', { credential: key.get(asked) }), KEY_REFUSED);
    expectRefused(await waiting.post('/sign-in/passkey', { credential: key.get(late) }), PASSKEY_REFUSED);
    expect(secret).toHaveLength(32);
  });

  test('R17: a registration of one session is not finished in another, nor with a challenge that was used', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await halfSignedIn(house, person);
    await answerTotp(other, appCode(house, secret));
    house.clock.advance(30_000);
    const key = new Authenticator();
    const credential = key.create(optionsOf(await browser.get(KEYS), KEYS));
    await other.get(KEYS);
    expect((await other.post(KEYS, { credential })).status).toBe(422);
    expect((await browser.post(KEYS, { credential })).status).toBe(303);
    expect((await browser.post(KEYS, { credential })).status).toBe(422);
    expect(await countOf(house, 'factor', person)).toBe(2);
  });

  test("R17: a cookie of one's own making is no challenge", async () => {
    const { key } = await withKey(house);
    const browser = house.browser();
    const options = { challenge: Buffer.alloc(32, 5).toString('base64url'), rpId: 'localhost' };
    const forged = Buffer.from(JSON.stringify({ challenge: options.challenge, expiresAt: 9e15 })).toString(
      'base64url',
    );
    for (const cookie of [forged, `test.${forged}`, 'x', `nokey.${forged}`]) {
      browser.cookies.set('passkey', cookie);
      expectRefused(
        await browser.post('/sign-in/passkey', { credential: key.get(options) }),
        PASSKEY_REFUSED,
      );
    }
  });

  test('R20: a counter that does not rise is a copy: refused, suspended, recorded, told', async () => {
    const { person, key, secret } = await withKey(house);
    for (let n = 0; n < 3; n++) expect((await signInWithKey(house, person, key)).answer.location).toBe('/');
    const { browser, answer } = await signInWithKey(house, person, key, { counter: 2 });
    expectRefused(answer, KEY_REFUSED);
    expect((await keyRow(house, key))?.suspended_at).toBe(house.clock.now());
    expect(await recordsOf(house, person, 'factor.suspended')).toHaveLength(1);
    expect((await house.mails(person.email))[0]?.subject).toBe('Your security key "Blue" was suspended');
    // Neither signs in any more, and another way still does, in the same sign-in.
    expect((await browser.get('/sign-in/factor?method=webauthn')).body).not.toContain('data-options');
    expectRefused(await usePasskey(house.browser(), key), PASSKEY_REFUSED);
    expect((await answerTotp(browser, freshCode(house, secret))).location).toBe('/');
    expect(
      (await house.mails(person.email)).filter(({ subject }) => subject.includes('suspended')),
    ).toHaveLength(1);
  });

  test('R20: a copy is found at the passkey door too, and only behind a right signature', async () => {
    const { person, key } = await withKey(house);
    await usePasskey(house.browser(), key);
    expectRefused(
      await usePasskey(house.browser(), key, { counter: 1, bogusSignature: true }),
      PASSKEY_REFUSED,
    );
    expect((await keyRow(house, key))?.suspended_at).toBeNull();
    expectRefused(await usePasskey(house.browser(), key, { counter: 0 }), PASSKEY_REFUSED);
    expect((await keyRow(house, key))?.suspended_at).not.toBeNull();
    expect(await recordsOf(house, person, 'factor.suspended')).toHaveLength(1);
  });

  test('R20: two right answers with one counter at once: exactly one is let in, and the key is suspended', async () => {
    const { person, key } = await withKey(house);
    const browsers = [await halfSignedIn(house, person), await halfSignedIn(house, person)];
    const credentials: string[] = [];
    for (const browser of browsers) credentials.push(key.get(await askedAtFactor(browser), { counter: 7 }));
    const answers = await Promise.all(
      browsers.map((browser, n) =>
        browser.post('/sign-in/factor/webauthn', { credential: credentials[n] as string }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect((await keyRow(house, key))?.counter).toBe(7);
    expect((await keyRow(house, key))?.suspended_at).not.toBeNull();
  });

  test('R22: removed on one instance, dead on the other, even with its question already asked', async () => {
    const { person, browser, key } = await withKey(house);
    const twin = await house.twin();
    const half = twin.browser();
    await half.post('/sign-in', { email: person.email, password: person.password });
    const options = await askedAtFactor(half);
    const waiting = twin.browser();
    const passkey = optionsOf(await waiting.get('/sign-in'), '/sign-in/passkey');
    const id = (await keyRow(house, key))?.id;
    expect((await browser.post(`/account/security/factors/${id}/remove`)).location).toBe('/account/security');
    expect((await half.post('/sign-in/factor/webauthn', { credential: key.get(options) })).location).toBe(
      '/sign-in',
    );
    expectRefused(await waiting.post('/sign-in/passkey', { credential: key.get(passkey) }), PASSKEY_REFUSED);
  });

  test('R22: the last factor is not removed but leads to switching off', async () => {
    const { person, browser, key } = await withKey(house);
    await browser.post(`/account/security/factors/${await factorIdOf(house, person)}/remove`);
    const id = (await keyRow(house, key))?.id;
    expect((await browser.post(`/account/security/factors/${id}/remove`)).location).toBe(
      '/account/security/disable',
    );
    expect((await signInWithKey(house, person, key)).answer.location).toBe('/');
  });

  test('A8: while typed codes are on hold a key still signs in, and clears the count', async () => {
    const { person, key, secret } = await withKey(house);
    await guessWrong(house, { person, secret, codes: [] }, 10);
    const held = await halfSignedIn(house, person);
    expect((await answerTotp(held, appCode(house, secret))).status).toBe(429);
    expect((await signInWithKey(house, person, key)).answer.location).toBe('/');
    expect((await answerTotp(await halfSignedIn(house, person), freshCode(house, secret))).location).toBe(
      '/',
    );
  });

  test('a suspended account is refused like an unknown passkey, and its passkey is not forgotten', async () => {
    const { person, key } = await withKey(house);
    await house.app.database.db
      .updateTable('account')
      .set({ suspended_at: house.clock.now() })
      .where('id', '=', person.id)
      .execute();
    const answer = await usePasskey(house.browser(), key);
    expectRefused(answer, PASSKEY_REFUSED);
    expect(answer.body).not.toContain('data-unknown');
  });

  test('refused passkeys make their network wait', async () => {
    const browser = house.browser();
    browser.network = '198.51.100.9';
    const key = new Authenticator();
    const statuses: number[] = [];
    for (let n = 0; n < 101; n++) {
      statuses.push(
        (await browser.post('/sign-in/passkey', { credential: '{}' }, { accept: 'application/json' })).status,
      );
    }
    expect(statuses.slice(0, 100).every((status) => status === 422)).toBe(true);
    expect(statuses[100]).toBe(429);
    expect((await usePasskey(house.browser(), key)).status).toBe(422);
  });

  test('A19: nobody half signed in adds a key', async () => {
    const { person, codes } = await somebodyProtected(house);
    const browser = await halfSignedIn(house, person);
    expect((await browser.get(KEYS)).location).toContain('/sign-in');
    expect((await browser.post(KEYS, { credential: '{}' })).location).toContain('/sign-in');
    expect(await countOf(house, 'factor', person)).toBe(1);
    expect((await answerRecovery(browser, codes[0] as string)).location).toBe('/');
  });
});
