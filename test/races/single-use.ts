import type * as client from 'openid-client';
import {
  halfSignedIn,
  halfSignedInTimes,
  planted,
  somebody,
  somebodyProtected,
  someEmail,
  tokenOf,
} from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import type { Browser } from '../kit/browser.ts';
import type { House } from '../kit/house.ts';
import { addKey, askedAtFactor } from '../kit/keys.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import { codeFor, plantedPhone } from '../kit/phones.ts';
import { ask, CALLBACK, openRelyingParty, redeem, registerApp, visitApp } from '../kit/relying-party.ts';
import type { Instance, Sent } from './instances.ts';

/** Twenty who do the same at once, the n-th at this instance. True: it was given to this one. */
export type Racer = (instance: Instance) => Promise<Sent>;

export interface Race {
  readonly name: string;
  /** Something that may be used once, anew for each round, and everybody who tries to use it. */
  begin(house: House): Promise<readonly Racer[]>;
  won(sent: Sent): boolean;
}

export const AT_ONCE = 20;
/** A process of its own may be delivering it right now. */
async function soon<T>(look: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await look();
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const entered = ({ location }: Sent) => location === '/';

const everybody = (racer: (n: number) => Racer): Racer[] =>
  Array.from({ length: AT_ONCE }, (_, n) => racer(n));

const answering =
  (browser: Browser, method: string, fields: Record<string, string>): Racer =>
  (instance) =>
    instance.post(`/sign-in/factor/${method}`, fields, browser.cookies);

const totpStep: Race = {
  name: 'TOTP step',
  won: entered,
  async begin(house) {
    const { person, secret } = await planted(house);
    const browsers = await halfSignedInTimes(house, person, AT_ONCE);
    const code = appCode(house, secret);
    return browsers.map((browser) => answering(browser, 'totp', { code }));
  },
};

const textCode: Race = {
  name: 'SMS code',
  won: entered,
  async begin(house) {
    const { person, number } = await plantedPhone(house);
    const browser = await halfSignedIn(house, person);
    await browser.post('/sign-in/factor/sms/send');
    const code = await soon(() => codeFor(house, number));
    return everybody(() => answering(browser, 'sms', { code }));
  },
};

const recoveryCode: Race = {
  name: 'recovery code',
  won: entered,
  async begin(house) {
    const { person, codes } = await planted(house);
    const browsers = await halfSignedInTimes(house, person, AT_ONCE);
    return browsers.map((browser) => answering(browser, 'recovery-code', { code: codes[0] as string }));
  },
};

/** One sign-in, and eleven proofs for it that are all right. */
const pendingSignIn: Race = {
  name: 'pending sign-in',
  won: entered,
  async begin(house) {
    const { person, secret, codes } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const code = appCode(house, secret);
    return everybody((n) =>
      n % 2
        ? answering(browser, 'totp', { code })
        : answering(browser, 'recovery-code', { code: codes[n / 2] as string }),
    );
  },
};

/** A key that counts nothing, so that the challenge alone stands in the way. */
const challenge: Race = {
  name: 'WebAuthn challenge',
  won: entered,
  async begin(house) {
    const { person, browser: owner } = await somebodyProtected(house);
    const key = new Authenticator({ counts: false });
    const added = await addKey(owner, key);
    if (added.status !== 303) throw new Error(`adding a key answered ${added.status}`);
    const browser = await halfSignedIn(house, person);
    const credential = key.get(await askedAtFactor(browser));
    return everybody(() => answering(browser, 'webauthn', { credential }));
  },
};

const resetLink: Race = {
  name: 'reset link',
  won: ({ location }) => location === '/sign-in',
  async begin(house) {
    const person = await somebody(house);
    await house.browser().post('/forgot-password', { email: person.email });
    const token = tokenOf(await soon(() => house.link(person.email, '/reset-password')));
    return everybody((n) => (instance) => {
      return instance.post('/reset-password', { token, password: `Zq7-pW2vXk9%${n}` });
    });
  },
};

const mailLink: Race = {
  name: 'mail link',
  won: ({ status, location }) => status === 303 && !location.startsWith('/sign-in'),
  async begin(house) {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const other = someEmail('moved');
    await browser.post('/account/email', { email: other });
    const token = tokenOf(await soon(() => house.link(other, '/email-change')));
    return everybody(() => (instance) => instance.post('/email-change', { token }, browser.cookies));
  },
};

interface App {
  readonly config: client.Configuration;
  readonly authorization: string;
  readonly browser: Browser;
}

const apps = new WeakMap<House, Promise<App>>();

function appOf(house: House): Promise<App> {
  let app = apps.get(house);
  if (!app) {
    app = (async () => {
      const registered = await registerApp(house);
      const config = await openRelyingParty(house, registered);
      const { browser } = await somebodyProtected(house);
      await visitApp(browser, await ask(config));
      const pair = `${registered.clientId}:${registered.clientSecret}`;
      return { config, browser, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
    })();
    apps.set(house, app);
  }
  return app;
}

const given = ({ status }: Sent) => status === 200;

const authorizationCode: Race = {
  name: 'authorization code',
  won: given,
  async begin(house) {
    const { config, browser, authorization } = await appOf(house);
    const asked = await ask(config);
    const code = new URL(await visitApp(browser, asked)).searchParams.get('code') as string;
    const fields = {
      grant_type: 'authorization_code',
      redirect_uri: CALLBACK,
      code,
      code_verifier: asked.verifier,
    };
    return everybody(() => (instance) => instance.post('/oidc/token', fields, undefined, { authorization }));
  },
};

const refreshToken: Race = {
  name: 'refresh token',
  won: given,
  async begin(house) {
    const { config, browser, authorization } = await appOf(house);
    const asked = await ask(config);
    const tokens = await redeem(config, await visitApp(browser, asked), asked);
    const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token as string };
    return everybody(() => (instance) => instance.post('/oidc/token', fields, undefined, { authorization }));
  },
};

export const RACES: readonly Race[] = [
  totpStep,
  textCode,
  recoveryCode,
  pendingSignIn,
  challenge,
  resetLink,
  mailLink,
  authorizationCode,
  refreshToken,
];
