import type * as client from 'openid-client';
import { beforeAll } from 'vitest';
import { type Protected, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import type { House } from '../kit/house.ts';
import { enterPassword, type Person } from '../kit/people.ts';
import { type Asked, ask, openRelyingParty, redeem, registerApp, visitApp } from '../kit/relying-party.ts';

/** An app that may demand what it likes, and people who have allowed it before. */
export function demandingApp(house: House) {
  let rp: client.Configuration;
  beforeAll(async () => {
    rp = await openRelyingParty(house, await registerApp(house));
  });
  return {
    get rp() {
      return rp;
    },
    /** Somebody with a password alone. */
    async withPassword(): Promise<{ person: Person; browser: Browser }> {
      const person = await somebody(house);
      const browser = house.browser();
      await enterPassword(browser, person);
      await visitApp(browser, await ask(rp));
      return { person, browser };
    },
    async withApp(): Promise<Protected & { browser: Browser }> {
      const someone = await somebodyProtected(house);
      await visitApp(someone.browser, await ask(rp));
      return someone;
    },
    claims: async (location: string, asked: Asked, checks = {}) =>
      (await redeem(rp, location, asked, checks)).claims()!,
  };
}

export const errorOf = (location: string) => new URL(location).searchParams.get('error');
