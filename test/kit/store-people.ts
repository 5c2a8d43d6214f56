import { createClient } from '../../src/clients/change-clients.ts';
import { type ClientSettings, NO_SETTINGS } from '../../src/clients/client.ts';
import { addMember, createGroup } from '../../src/groups/change-groups.ts';
import type { Group } from '../../src/groups/store.ts';
import { somebody, somebodyProtected } from './attack-kit.ts';
import type { Browser } from './browser.ts';
import { type SampleFile, sample, sendBuild } from './builds.ts';
import type { House } from './house.ts';
import { enterPassword, type Person } from './people.ts';

export const OPERATOR = (house: House) => ({
  place: { now: house.clock.now(), network: '', browser: '', requestId: '' },
  actor: 'operator',
});

/** Somebody who publishes, with 2FA on and a fresh step-up. */
export async function publisher(
  house: House,
  name = 'Pia Publisher',
): Promise<{ person: Person; browser: Browser }> {
  return somebodyProtected(house, { name, roles: 'publisher' });
}

/** Somebody who publishes nothing, signed in. */
export async function member(house: House): Promise<Browser> {
  const browser = house.browser();
  await enterPassword(browser, await somebody(house));
  return browser;
}

export async function groupOf(house: House, name: string, ...people: readonly Person[]): Promise<Group> {
  const { deps } = house.app;
  const group = await createGroup(deps, OPERATOR(house), name);
  for (const { id } of people) {
    const { pseudonym } = await deps.database.db
      .selectFrom('account')
      .select('pseudonym')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    await deps.database.transaction((tx) => addMember(tx, OPERATOR(house), group, { id, pseudonym }));
  }
  return group;
}

export async function webApp(house: House, settings: Partial<ClientSettings>): Promise<string> {
  const all = { ...NO_SETTINGS, redirectUris: ['https://app.example.org/cb'], ...settings };
  return (await createClient(house.app.deps, OPERATOR(house), 'oidc', false, all)).clientId;
}

/** An app with one build. -> where the build is downloaded, and its id */
export async function appWithBuild(
  browser: Browser,
  slug: string,
  file: SampleFile = sample('apk'),
  fields: Readonly<Record<string, string>> = {},
): Promise<{ readonly id: string; readonly download: string; readonly manage: string }> {
  await browser.submit('/store/manage/new', { name: `App ${slug}`, slug, description: 'Notes in the field' });
  return addBuild(browser, slug, file, fields);
}

export async function addBuild(
  browser: Browser,
  slug: string,
  file: SampleFile = sample('apk'),
  fields: Readonly<Record<string, string>> = {},
) {
  const answer = await sendBuild(browser, slug, file, fields);
  if (answer.status !== 303) throw new Error(`the upload answered ${answer.status}: ${answer.body}`);
  const page = await browser.get(`/store/manage/${slug}`);
  const id = /builds\/([0-9a-f]{32})\/publish/.exec(page.body)?.[1] as string;
  return {
    id,
    download: `/store/${slug}/builds/${id}/download`,
    manage: `/store/manage/${slug}/builds/${id}`,
  };
}
