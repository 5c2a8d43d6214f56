import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerTotp, halfSignedIn, MINUTE, planted, signInAgain, wrongCode } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Browser, type Page, textOf } from '../kit/browser.ts';
import { type House, openHouse } from '../kit/house.ts';
import { addKey } from '../kit/keys.ts';
import { appCode } from '../kit/people.ts';
import { plantedPhone, someNumber, type WithPhone } from '../kit/phones.ts';
import { setValue } from '../kit/rules-kit.ts';

// What the page of the second step asks for, what it offers beside, and how the two doors differ (screen 2).

let house: House;
beforeAll(async () => {
  house = await openHouse({ env: { TRUSTED_BROWSER_MAX: '7d', SUPPORT_EMAIL: 'help@example.org' } });
});
afterAll(() => house.close());

interface WithKey extends WithPhone {
  /** Signed in, just now. */
  readonly browser: Browser;
}

/** An app, a phone, a key and ten codes. */
async function everything(): Promise<WithKey> {
  const enrolled = await plantedPhone(house, someNumber());
  const browser = await halfSignedIn(house, enrolled.person);
  await answerTotp(browser, appCode(house, enrolled.secret));
  house.clock.advance(MINUTE);
  await addKey(browser, new Authenticator());
  return { ...enrolled, browser };
}

const FORM = /<form[^>]*action="(?:\/sign-in|\/confirm)\/factor\/([a-z-]+)(?:\/[a-z]+)?"/;

/** -> the method whose form it is, and those behind "Having trouble?" in their order */
function methodsIn({ body }: Page) {
  const main = body.slice(body.indexOf('<main'));
  const trouble = main.slice(main.indexOf('<details'), main.indexOf('</details>'));
  const others = [...trouble.matchAll(/factor\?method=([a-z-]+)"/g)].map(([, kind]) => kind);
  return { asked: FORM.exec(main)?.[1], others, isOpen: /<details[^>]* open/.test(main) };
}

const prefer = async ({ person }: WithPhone, kind: string | null) => {
  const { db } = house.app.database;
  const own = db.updateTable('factor').where('account_id', '=', person.id);
  await own.set({ preferred: 0 }).execute();
  if (kind !== null) await own.set({ preferred: 1 }).where('kind', '=', kind).execute();
};

const sevenDays = "Don't ask again in this browser for 7 days";

describe('which method is asked for', () => {
  let ann: WithKey;
  beforeAll(async () => {
    ann = await everything();
  });

  test.each([
    [null, 'webauthn', ['totp', 'sms', 'recovery-code']],
    ['totp', 'totp', ['webauthn', 'sms', 'recovery-code']],
    ['sms', 'sms', ['webauthn', 'totp', 'recovery-code']],
    ['webauthn', 'webauthn', ['totp', 'sms', 'recovery-code']],
  ])('preferred %s: %s first, then the strongest, a recovery code last', async (preferred, asked, others) => {
    await prefer(ann, preferred);
    const page = await (await halfSignedIn(house, ann.person)).get('/sign-in/factor');
    expect(methodsIn(page)).toEqual({ asked, others, isOpen: false });
  });

  test.each(['totp', 'sms', 'webauthn', 'recovery-code'])(
    '%s by name: it, and each other one',
    async (kind) => {
      await prefer(ann, 'totp');
      const half = await halfSignedIn(house, ann.person);
      const page = methodsIn(await half.get(`/sign-in/factor?method=${kind}`));
      expect(page.asked).toBe(kind);
      expect([kind, ...page.others].sort()).toEqual(['recovery-code', 'sms', 'totp', 'webauthn']);
    },
  );

  test('a name of nothing, and one that the person has not got: the first', async () => {
    const app = await planted(house);
    const half = await halfSignedIn(house, app.person);
    for (const name of ['nothing', 'sms', ''])
      expect(methodsIn(await half.get(`/sign-in/factor?method=${name}`))).toMatchObject({ asked: 'totp' });
  });

  test('a text message that is asked for leads back to its own page, not to the preferred one', async () => {
    await prefer(ann, 'totp');
    const half = await halfSignedIn(house, ann.person);
    const answer = await half.post('/sign-in/factor/sms/send');
    expect([answer.status, answer.location]).toEqual([303, '/sign-in/factor?method=sms']);
    house.clock.advance(MINUTE);
  });

  test('without JavaScript a key says so and offers what works without, and a code needs none', async () => {
    await prefer(ann, 'webauthn');
    const half = await halfSignedIn(house, ann.person);
    const key = (await half.get('/sign-in/factor')).body;
    const without = key.slice(key.indexOf('class="scriptless"'), key.indexOf('class="scripted"'));
    expect(without).toContain('method=totp');
    expect(without).toContain('method=recovery-code');
    expect(FORM.test(without)).toBe(false);
    expect(key).toMatch(/<script[^>]*src=/);
    const code = (await half.get('/sign-in/factor?method=totp')).body;
    expect(code).not.toContain('class="scriptless"');
    expect(FORM.test(code)).toBe(true);
  });

  test('a wrong answer opens the way to the others', async () => {
    await prefer(ann, 'totp');
    const half = await halfSignedIn(house, ann.person);
    const page = await answerTotp(half, wrongCode(house, ann.secret));
    expect(page.status).toBe(422);
    expect(methodsIn(page)).toEqual({
      asked: 'totp',
      others: ['webauthn', 'sms', 'recovery-code'],
      isOpen: true,
    });
  });
});

describe('R37: trusting a browser is offered', () => {
  const wantsTrust = ({ body }: Page) => /<input[^>]*name="trust"/.test(body);
  const ticked = ({ body }: Page) => /<input[^>]*name="trust"[^>]* checked/.test(body);

  test('at sign-in, with the days it lasts, and stays ticked after a wrong code', async () => {
    const { person, secret } = await planted(house);
    const half = await halfSignedIn(house, person);
    const first = await half.get('/sign-in/factor');
    expect(textOf(first.body)).toContain(sevenDays);
    expect(ticked(first)).toBe(false);
    const code = wrongCode(house, secret);
    expect(ticked(await half.post('/sign-in/factor/totp', { code, trust: 'on' }))).toBe(true);
    expect(ticked(await half.post('/sign-in/factor/totp', { code }))).toBe(false);
    expect(ticked(await half.post('/sign-in/factor/totp', { code, trust: 'yes' }))).toBe(false);
  });

  test('not with a recovery code, nor before there is anything to answer, nor where it is switched off', async () => {
    const ann = await plantedPhone(house, someNumber());
    const half = await halfSignedIn(house, ann.person);
    expect(wantsTrust(await half.get('/sign-in/factor?method=recovery-code'))).toBe(false);
    await half.post('/sign-in/factor/sms/send');
    expect(wantsTrust(await half.get('/sign-in/factor?method=sms'))).toBe(true);
    expect(wantsTrust(await half.get('/sign-in/factor?method=totp'))).toBe(true);
    await setValue(house, 'trusted_browsers', 'forbidden');
    expect(wantsTrust(await half.get('/sign-in/factor?method=totp'))).toBe(false);
    await setValue(house, 'trusted_browsers', 'allowed');
  });

  test('not at a step-up, which is about this moment', async () => {
    const { person, secret } = await planted(house);
    const browser = await signInAgain(house, { person, secret });
    await browser.submit('/confirm', { password: person.password });
    const page = await browser.get('/confirm/factor');
    expect(methodsIn(page)).toMatchObject({ asked: 'totp', others: ['recovery-code'] });
    expect(wantsTrust(page)).toBe(false);
  });
});

describe('whoever has nothing left', () => {
  const mainOf = ({ body }: Page) => body.slice(body.indexOf('<main'), body.indexOf('</main>'));

  test('is led to help at sign-in, and may sign in as somebody else', async () => {
    const { person } = await planted(house);
    const page = mainOf(await (await halfSignedIn(house, person)).get('/sign-in/factor'));
    expect(page).toContain('<a href="/recover">I lost everything</a>');
    expect(page).toMatch(/<form[^>]*action="\/sign-in\/cancel"/);
    expect(page).not.toContain('mailto:');
    expect(textOf(page)).toContain(`Signing in as ${person.email}`);
  });

  test('is told whom to write to at a step-up, and may leave it', async () => {
    const { person, secret } = await planted(house);
    const browser = await signInAgain(house, { person, secret });
    await browser.submit('/confirm', { password: person.password });
    const page = mainOf(await browser.get('/confirm/factor'));
    expect(page).toContain(
      'Lost everything? Write to <a href="mailto:help@example.org">help@example.org</a>',
    );
    expect(page).not.toContain('/recover');
    expect(page).not.toContain('/sign-in/cancel');
    expect(page).toContain('<a href="/account/security">Cancel</a>');
    expect(textOf(page)).toContain(`Confirm that it is you, ${person.email}`);
  });
});
