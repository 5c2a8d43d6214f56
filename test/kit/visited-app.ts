import type * as client from 'openid-client';
import { beforeAll, beforeEach } from 'vitest';
import { type Protected, somebodyProtected } from './attack-kit.ts';
import type { Browser } from './browser.ts';
import type { House } from './house.ts';
import { signIn } from './people.ts';
import {
  type Asked,
  ask,
  CALLBACK,
  fetchThrough,
  openRelyingParty,
  registerApp,
  visitApp,
} from './relying-party.ts';

type App = Awaited<ReturnType<typeof registerApp>>;

/** An app, and somebody with two factors who has allowed it and signs in anew before each test of the `describe`. */
export function visitedApp(house: House) {
  let app: App;
  let rp: client.Configuration;
  let someone: Protected & { readonly browser: Browser };
  beforeAll(async () => {
    app = await registerApp(house);
    rp = await openRelyingParty(house, app);
    someone = await somebodyProtected(house);
    await visitApp(someone.browser, await ask(rp));
  });
  beforeEach(() => signIn(house, someone.browser, someone.person, someone.secret));

  return {
    get app() {
      return app;
    },
    get rp() {
      return rp;
    },
    get someone() {
      return someone;
    },
    get browser() {
      return someone.browser;
    },
    /** What the app is sent back with after a sign-in. */
    async code(): Promise<{ code: string; asked: Asked; location: string }> {
      const asked = await ask(rp);
      const location = await visitApp(someone.browser, asked);
      return { code: codeOf(location), asked, location };
    },
    /** A request to the token endpoint, as any program can make it. */
    async redeemRaw(
      fields: Record<string, string>,
      { at = house, by = app }: { at?: House; by?: Pick<App, 'clientId' | 'clientSecret'> } = {},
    ): Promise<{ status: number; json: Record<string, string> }> {
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        redirect_uri: CALLBACK,
        ...fields,
      });
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${by.clientId}:${by.clientSecret}`).toString('base64')}`,
      };
      const answer = await fetchThrough(at.app)('http://localhost:3000/oidc/token', {
        method: 'POST',
        headers,
        body: body.toString(),
      } as never);
      return { status: answer.status, json: (await answer.json()) as Record<string, string> };
    },
  };
}

const codeOf = (location: string) => new URL(location).searchParams.get('code') as string;
