import type * as client from 'openid-client';
import { afterAll, beforeAll, expect } from 'vitest';
import { type BackChannel, openBackChannel } from '../kit/back-channel.ts';
import type { Browser } from '../kit/browser.ts';
import type { House } from '../kit/house.ts';
import { ask, openRelyingParty, redeem, registerApp, visitApp } from '../kit/relying-party.ts';

export const AFTERWARDS = 'https://app.example.org/signed-out';

/** Three apps that are told when a session ends, and what they hear. */
export function toldApps(house: House) {
  let channel: BackChannel;
  const apps: { config: client.Configuration; path: string; clientId: string }[] = [];
  beforeAll(async () => {
    channel = await openBackChannel();
    for (const path of ['/wiki', '/board', '/ledger']) {
      const registered = await registerApp(house, {
        name: path.slice(1),
        backchannelLogoutUri: channel.origin + path,
        postLogoutRedirectUris: [AFTERWARDS],
      });
      const config = await openRelyingParty(house, registered);
      apps.push({ config, path, clientId: registered.clientId });
    }
  });
  afterAll(() => channel.close());

  async function signedInEverywhere(browser: Browser) {
    const all = [];
    for (const { config, path, clientId } of apps) {
      const asked = await ask(config);
      const tokens = await redeem(config, await visitApp(browser, asked), asked);
      all.push({ config, path, clientId, tokens, before: (await channel.heard(path)).length });
    }
    return all;
  }

  /** What this app heard since, about this person. */
  async function heardOf({ path, before }: Held, personId: string) {
    return (await channel.heard(path)).slice(before).filter(({ claims }) => claims['sub'] === personId);
  }

  async function expectToldOnce(all: readonly Held[], personId: string): Promise<void> {
    await house.app.deps.outbox.flush();
    for (const held of all) {
      const heard = await heardOf(held, personId);
      expect(heard, held.path).toHaveLength(1);
      expect(heard[0]?.claims['sid']).toBe(held.tokens.claims()?.['sid']);
    }
  }

  return {
    get channel() {
      return channel;
    },
    apps,
    signedInEverywhere,
    heardOf,
    expectToldOnce,
  };
}

/** An app, the tokens of somebody who signed in to it, and how much it had heard by then. */
export interface Held {
  readonly config: client.Configuration;
  readonly path: string;
  readonly clientId: string;
  readonly tokens: Awaited<ReturnType<typeof redeem>>;
  readonly before: number;
}
