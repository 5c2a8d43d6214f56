import { HttpClient } from '../kit/http-client.ts';
import { PASSWORD } from '../kit/people.ts';
import { appCode, type Tour } from './tour.ts';

/**
 * An administrator, signed in and just confirmed, looks at people, groups and records. `guest`: an address of somebody who
 * will be invited; `name` as long as a name may be without a place to break.
 */
export async function lookAtPeople(tour: Tour, guest: string, name: string): Promise<void> {
  const [people, groups, records] = ['/admin/people', '/admin/groups', '/admin/records'];
  await tour.visit('people-none', `${people}?q=nobody`);
  await tour.visit('groups-none', groups);
  await tour.visit('group-create', `${groups}/create`);
  await tour.sendAndLook('group-create-error', `${groups}/create`, { name: 'a,b' });
  await tour.sendAndLook('group-empty', `${groups}/create`, { name: `${name}${tour.locale}` });
  const group = new URL(tour.page.url()).pathname;
  await tour.sendAndLook('group-member-error', `${group}/members`, { email: 'nobody@example.org' });

  await tour.visit('invite', `${people}/invite`);
  await tour.sendAndLook('invite-error', `${people}/invite`, { email: 'me', name: '' });
  await tour.sendAndLook('people', `${people}/invite`, { email: guest, name });
  const row = tour.page.locator('.people li', { hasText: guest });
  const person = (await row.locator('.title a').getAttribute('href')) as string;
  await tour.visit('invite-again', `${person}/invite`);
  await tour.visit('invite-many', `${people}/invite-many`);
  const list = `${guest},A,member\nme,,boss,Nowhere\nnew-${tour.locale}@example.org,${name},publisher`;
  await tour.sendAndLook('invite-many-wrong', `${people}/invite-many`, { people: list });
  await tour.sendAndLook('invite-many-right', `${people}/invite-many`, {
    people: `new-${tour.locale}@example.org,${name},publisher,"${name}${tour.locale}"`,
  });

  await tour.open(group);
  await tour.sendAndLook('group', `${group}/members`, { email: guest });
  await tour.visit('group-rename', `${group}/rename`);
  await tour.visit('group-remove', `${group}/remove`);
  await tour.visit('person-invited', person);

  const client = new HttpClient(tour.server.url);
  const token = new URL(await tour.mailed(guest, '/invitation'), tour.server.url).searchParams.get('token');
  await client.post('/invitation', { token: token as string, name, password: PASSWORD });
  await client.post('/sign-in', { email: guest, password: PASSWORD });
  const shown = await client.get('/account/security/totp');
  const secret = /data-text="([A-Z2-7]{32})"/.exec(shown.body)?.[1] as string;
  await client.post('/account/security/totp', { code: appCode(secret) });
  for (let round = 0; round < 2; round++) {
    const guesser = new HttpClient(tour.server.url);
    await guesser.post('/sign-in', { email: guest, password: PASSWORD });
    for (let wrong = 0; wrong < 5; wrong++) await guesser.post('/sign-in/factor/totp', { code: '000000' });
  }
  await tour.visit('person', person);
  await tour.visit('person-role', `${person}/role`);
  await tour.visit('person-reset', `${person}/reset-two-factor`);
  await tour.sendAndLook('person-reset-error', `${person}/reset-two-factor`, { reason: '' });
  await tour.visit('person-reset-password', `${person}/reset-password`);
  await tour.visit('person-data', `${person}/data`);
  await tour.visit('person-suspend', `${person}/suspend`);
  await tour.sendAndLook('person-suspended', `${person}/suspend`);
  await tour.visit('people-suspended', `${people}?show=suspended`);

  await tour.visit('records', records);
  const first = tour.page.locator('.records a').first();
  await tour.visit('record', (await first.getAttribute('href')) as string);
  await tour.visit('records-filtered', `${records}?person=${encodeURIComponent(guest)}&outcome=failure`);
  await tour.visit('records-unknown', `${records}?person=nobody@example.org`);
  await tour.visit('records-check-never', `${records}/check`);
  await tour.sendAndLook('records-check', `${records}/check`);
}
