import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { halfSignedIn, planted, recordsOf, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { startBucket } from '../kit/bucket-server.ts';
import { allSamples, picture, sample, sendBuild, sendIcon } from '../kit/builds.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import { makeOptional, require2fa } from '../kit/rules-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { addBuild, appWithBuild, groupOf, publisher, webApp } from '../kit/store-people.ts';

const CHROMEBOOK =
  'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

async function member(house: House, values: Parameters<typeof somebody>[1] = {}) {
  const person = await somebody(house, values);
  const browser = house.browser();
  await enterPassword(browser, person);
  return { person, browser };
}
const words = async (browser: Browser, path: string) => textOf((await browser.get(path)).body);

describe.each(ENGINES)('the App Store, on %s', (engine) => {
  const house = sharedHouse({ engine });

  test('a publisher uploads a build, publishes it, and a member finds and downloads it', async () => {
    const { person, browser } = await publisher(house);
    expect(await words(browser, '/store/manage')).toContain('You don’t look after any apps yet.');
    const texts = { name: 'Field Notes', slug: 'field-notes', description: 'Notes\nin the field' };
    const made = await browser.submit('/store/manage/new', texts);
    expect(textOf(made.body)).toContain('The app was created. Now upload its first build.');
    const file = sample('apk', 'Notizbuch für alle.apk');
    const sent = await sendBuild(browser, 'field-notes', file, { notes: 'Faster.' });
    expect(sent.location).toBe('/store/manage/field-notes');
    expect(await words(browser, sent.location)).toContain('Android · 2.4.1 (APK)');

    const ann = await member(house, { name: 'Ann' });
    expect((await ann.browser.get('/store/field-notes')).status).toBe(404);
    expect(await words(ann.browser, '/store')).not.toContain('Field Notes');
    const manage = await browser.get('/store/manage/field-notes');
    const publish = /"(\/store\/manage\/[^"]+\/publish)"/.exec(manage.body)?.[1] as string;
    expect((await browser.get(publish)).status).toBe(200);
    const done = await browser.submit(publish, { audience: 'everyone' });
    expect(textOf(done.body)).toContain('It is published. ');
    expect(textOf(done.body)).toContain('Published to everyone');

    expect(await words(ann.browser, '/store')).toContain(
      'Field Notes Notes in the field For Android, not for Linux',
    );
    const page = await ann.browser.get('/store/field-notes');
    const sum = createHash('sha256').update(file.bytes).digest('hex');
    for (const said of [
      'There is nothing for Linux yet.',
      'Android · 2.4.1',
      'APK',
      'Faster.',
      sum,
      'Notizbuch für alle.apk',
    ])
      expect(page.body).toContain(said);
    expect(page.body).not.toContain('0 downloads');
    const link = /"(\/store\/field-notes\/builds\/\w+\/download)"/.exec(page.body)?.[1] as string;
    const got = await ann.browser.get(link);
    expect(got.status).toBe(200);
    expect(got.bytes.equals(file.bytes)).toBe(true);
    expect(got.headers['content-type']).toBe('application/vnd.android.package-archive');

    expect(await words(browser, '/store/field-notes')).toContain('1 download');
    expect(await recordsOf(house, ann.person, 'store.downloaded')).toMatchObject([
      { outcome: 'success', detail: expect.stringContaining('"version":"2.4.1"') },
    ]);
    const events = (await recordsOf(house, person)).map(({ event }) => event);
    expect(events).toEqual(
      expect.arrayContaining(['store.app_created', 'store.build_uploaded', 'store.published']),
    );
    expect(await words(ann.browser, '/account/activity')).toContain('field-notes 2.4.1 downloaded');
  });

  test('only the people of the chosen groups find it, and only as long as they belong', async () => {
    const { browser } = await publisher(house);
    const [ann, bob] = [await member(house), await member(house)];
    const testers = await groupOf(house, `Testers ${engine}`, ann.person);
    const { id, download, manage } = await appWithBuild(browser, 'beta');
    const none = await browser.post(`${manage}/publish`, { audience: 'groups' });
    expect(none.status).toBe(422);
    expect(textOf(none.body)).toContain('Choose at least one group, or everyone.');
    const page = await browser.submit(`${manage}/publish`, { audience: 'groups', groups: testers.id });
    expect(textOf(page.body)).toContain(`Published to Testers ${engine}`);

    expect((await ann.browser.get('/store/beta')).status).toBe(200);
    expect((await ann.browser.get(download)).status).toBe(200);
    for (const path of ['/store/beta', download, `/store/beta/builds/${id}/install`])
      expect((await bob.browser.get(path)).status, path).toBe(404);
    await house.app.database.db.deleteFrom('group_member').where('account_id', '=', ann.person.id).execute();
    expect((await ann.browser.get(download)).status).toBe(404);
  });

  test('a withdrawn build is gone at once, and the history tells of it; it can be published again', async () => {
    const { browser } = await publisher(house);
    const ann = await member(house);
    const { download, manage } = await appWithBuild(browser, 'gone');
    await browser.submit(`${manage}/publish`, { audience: 'everyone' });
    expect((await ann.browser.get(download)).status).toBe(200);
    expect(textOf((await browser.get(`${manage}/withdraw`)).body)).toContain(
      'Withdraw Android · 2.4.1 (APK)?',
    );
    expect(textOf((await browser.submit(`${manage}/withdraw`)).body)).toContain('It is withdrawn.');
    expect((await ann.browser.get(download)).status).toBe(404);
    expect((await ann.browser.get('/store/gone')).status).toBe(404);
    const page = await words(browser, '/store/manage/gone');
    expect(page).toContain('Not published');
    expect(page).toMatch(
      /History Android · 2\.4\.1 \(APK\) to everyone from \d+ \w+ \d{4}, \d\d:\d\d \(UTC\) until \d/,
    );
    await browser.submit(`${manage}/publish`, { audience: 'everyone' });
    expect((await ann.browser.get(download)).status).toBe(200);
  });

  test('what suits the browser’s own system is recommended; older versions and other systems stand below', async () => {
    const { browser } = await publisher(house);
    const ann = await member(house);
    const old = await appWithBuild(browser, 'desk', sample('exe', 'desk-1.exe'), { version: '1.0' });
    await browser.submit(`${old.manage}/publish`, { audience: 'everyone' });
    house.clock.advance(60_000);
    const files = [
      sample('exe', 'desk-2.exe'),
      sample('dmg', 'desk-2.dmg'),
      sample('deb', 'desk-2.deb'),
      sample('rpm', 'desk-2.rpm'),
    ];
    for (const file of files) {
      const { manage } = await addBuild(browser, 'desk', file, { version: '2.0' });
      await browser.submit(`${manage}/publish`, { audience: 'everyone' });
      house.clock.advance(1_000);
    }
    const linux = await words(ann.browser, '/store/desk');
    expect(linux).toMatch(
      /For Linux.*RPM.*DEB.*For other systems.*Mac · 2\.0.*Windows · 2\.0.*Earlier versions Windows · 1\.0/,
    );
    ann.browser.userAgent = WINDOWS;
    expect(await words(ann.browser, '/store/desk')).toMatch(
      /For Windows.*Version 2\.0.*For other systems.*Earlier versions Windows · 1\.0/,
    );
    expect(await words(ann.browser, '/store')).toContain('For Mac, Windows, and Linux');
    // A system for which there is nothing, and one that we don't know.
    ann.browser.userAgent = IPHONE;
    expect(await words(ann.browser, '/store/desk')).toContain(
      'There is nothing for iPhone and iPad yet. For other systems',
    );
    for (const unknown of [CHROMEBOOK, '']) {
      ann.browser.userAgent = unknown;
      const all = await words(ann.browser, '/store/desk');
      expect(all).toMatch(/Choose the one made for your system\. By system .*Linux · 2\.0.*Earlier versions/);
      expect(all).not.toMatch(/nothing for|other systems/);
    }
  });

  test('tiles of web apps: those that the person may enter, and what each will ask for', async () => {
    const ann = await member(house);
    const crew = await groupOf(house, `Crew ${engine}`, ann.person);
    const other = await groupOf(house, `Others ${engine}`);
    const at = (name: string) => ({ name, homeUrl: `https://${name.toLowerCase()}.example.org/start` });
    await webApp(house, { ...at('Plain'), description: 'For everybody' });
    await webApp(house, { ...at('Second'), acr: 'mfa', groupIds: [crew.id] });
    await webApp(house, { ...at('Keyed'), acr: 'phr' });
    await webApp(house, { ...at('Foreign'), groupIds: [other.id] });
    await webApp(house, { name: 'Homeless' });
    const page = await ann.browser.get('/store');
    const text = textOf(page.body);
    expect(page.body).toContain('href="https://plain.example.org/start"');
    expect(text).toMatch(/Plain.*For everybody plain\.example\.org Opens without asking again/);
    expect(text).toMatch(/Second.*Asks for a second step, and you have none yet\. Set one up/);
    expect(text).toMatch(/Keyed.*Asks for a security key, and you have none yet\. Add a key/);
    expect(text).not.toMatch(/Foreign|Homeless/);

    const carl = await somebodyProtected(house, { roles: '' });
    const his = await words(carl.browser, '/store');
    expect(his).toMatch(/Keyed keyed|Keyed.*Asks for a security key/);
    expect(his).not.toContain('Second');
  });

  test('a session that has seen the password alone is told which factor an app will ask for', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    // A trusted browser signs in with the password alone (R37).
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    house.clock.advance(30_000);
    await enterPassword(browser, person);
    await webApp(house, { name: 'Guarded', homeUrl: 'https://guarded.example.org/', acr: 'mfa' });
    expect(await words(browser, '/store')).toMatch(/Guarded.*Asks for your second step: Authenticator app/);
  });

  test('an iPhone installs through links that work once, for five minutes, while the session lives', async () => {
    const { browser } = await publisher(house);
    const file = sample('ipa', 'notes.ipa');
    const { id, manage } = await appWithBuild(browser, 'phone', file);
    await browser.submit(`${manage}/publish`, { audience: 'everyone' });
    const ann = await member(house);
    ann.browser.userAgent = IPHONE;
    const phone = house.browser();
    const manifestOf = async () => {
      const page = await ann.browser.get(`/store/phone/builds/${id}/install`);
      const link = /itms-services:\/\/\?action=download-manifest&amp;url=([^"]+)"/.exec(
        page.body,
      )?.[1] as string;
      return new URL(decodeURIComponent(link)).pathname;
    };
    const fileOf = (manifest: string) =>
      new URL(/<string>(http[^<]+app\.ipa)<\/string>/.exec(manifest)?.[1] as string).pathname;

    expect(await words(ann.browser, '/store/phone')).toMatch(/For iPhone and iPad Install/);
    const manifest = await manifestOf();
    expect((await phone.send('HEAD', manifest, undefined, {})).status).toBe(200);
    const told = await phone.get(manifest);
    expect(told.headers['content-type']).toContain('text/xml');
    for (const said of ['org.example.notes', '<string>2.4.1</string>', '<string>Field &amp; Notes</string>'])
      expect(told.body).toContain(said);
    expect((await phone.get(manifest)).status).toBe(404);
    const ipa = fileOf(told.body);
    expect((await phone.get(ipa)).bytes.equals(file.bytes)).toBe(true);
    expect((await phone.get(ipa)).status).toBe(404);

    const late = await manifestOf();
    house.clock.advance(5 * 60_000);
    expect((await phone.get(late)).status).toBe(404);

    const begun = fileOf((await phone.get(await manifestOf())).body);
    const waiting = await manifestOf();
    await ann.browser.post('/sign-out');
    expect((await phone.get(waiting)).status).toBe(404);
    expect((await phone.get(begun)).status).toBe(404);
    expect((await phone.get(manifest.replace(/install\/[^/]+/, 'install/x'))).status).toBe(404);

    // A rule that begins ends the session, and the link with it.
    await enterPassword(ann.browser, ann.person);
    const overtaken = await manifestOf();
    await require2fa(house, house.clock.now() + 60_000);
    expect((await phone.send('HEAD', overtaken, undefined, {})).status).toBe(200);
    house.clock.advance(60_000);
    expect((await phone.get(overtaken)).status).toBe(404);
    await makeOptional(house);
  });
});

describe('what doesn’t depend on the database', () => {
  const house = sharedHouse();

  test('every kind of file that is named can be uploaded, each for its system', async () => {
    const { browser } = await publisher(house);
    await browser.submit('/store/manage/new', { name: 'All', slug: 'all', description: '' });
    for (const file of allSamples()) {
      const answer = await sendBuild(browser, 'all', file);
      expect(answer.status, `${file.name}: ${textOf(answer.body)}`).toBe(303);
    }
    const rows = await house.app.database.db
      .selectFrom('build')
      .innerJoin('app', 'app.id', 'build.app_id')
      .select(['build.format', 'build.platform'])
      .where('app.slug', '=', 'all')
      .execute();
    expect(Object.fromEntries(rows.map(({ format, platform }) => [format, platform]))).toMatchObject({
      apk: 'android',
      aab: 'android',
      ipa: 'ios',
      dmg: 'macos',
      pkg: 'macos',
      exe: 'windows',
      msi: 'windows',
      deb: 'linux',
      rpm: 'linux',
      appimage: 'linux',
      zip: 'any',
      tar: 'any',
      'tar.zst': 'any',
    });
  });

  test('mistakes in a form are told beside their fields, and what was typed stands there again', async () => {
    const { browser } = await publisher(house);
    await appWithBuild(browser, 'mistakes');
    const send = async (fields: Record<string, string>, file = sample('apk')) => {
      const answer = await sendBuild(browser, 'mistakes', file, fields);
      expect(answer.status).toBe(422);
      return answer;
    };
    const twice = await send({ notes: 'What <b>was</b> typed' });
    expect(textOf(twice.body)).toContain('There is already a build of this kind with this version.');
    expect(twice.body).toContain('What &lt;b&gt;was&lt;/b&gt; typed');
    expect(textOf((await send({ version: 'a b' })).body)).toContain('Type a version without spaces');
    expect(textOf((await send({ version: '3', platform: 'windows' })).body)).toContain(
      'made for another system',
    );
    expect(textOf((await send({ version: '', notes: '' })).body)).toContain('Fill this in.');
    const nothing = await sendBuild(browser, 'mistakes', { name: '', bytes: Buffer.alloc(0) });
    expect([nothing.status, textOf(nothing.body)]).toEqual([422, expect.stringContaining('Fill this in.')]);
    const taken = await browser.post('/store/manage/new', { name: '', slug: 'mistakes', description: '' });
    expect(textOf(taken.body)).toContain('Fill this in.');
    const again = await browser.post('/store/manage/new', {
      name: 'Other',
      slug: 'mistakes',
      description: '',
    });
    expect([again.status, textOf(again.body)]).toEqual([
      422,
      expect.stringContaining('Another app already uses this address.'),
    ]);
    for (const slug of ['manage', 'Field Notes', '../x'])
      expect((await browser.post('/store/manage/new', { name: 'x', slug, description: '' })).status).toBe(
        422,
      );
  });

  test('an app is renamed, gets a picture and loses it, and goes with all its builds', async () => {
    const { browser } = await publisher(house);
    const ann = await member(house);
    const { download, manage } = await appWithBuild(browser, 'dressed');
    await browser.submit(`${manage}/publish`, { audience: 'everyone' });
    await browser.submit('/store/manage/dressed/edit', { name: 'Dressed up', description: 'New' });
    expect((await sendIcon(browser, 'dressed', picture(512))).location).toBe('/store/manage/dressed/edit');
    const store = await ann.browser.get('/store');
    expect(textOf(store.body)).toContain('Dressed up New');
    const icon = /src="(\/store\/dressed\/icon\?v=\w+)"/.exec(store.body)?.[1] as string;
    const shown = await ann.browser.get(icon);
    expect(shown.headers).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff' });
    expect(shown.bytes.readUInt32BE(16)).toBe(256);
    await browser.submit('/store/manage/dressed/icon/remove');
    expect((await ann.browser.get('/store')).body).not.toContain('/store/dressed/icon');
    expect(textOf((await browser.get('/store/manage/dressed/delete')).body)).toContain(
      'The app and its build are gone for good',
    );
    expect((await browser.submit('/store/manage/dressed/delete')).status).toBe(200);
    expect((await ann.browser.get(download)).status).toBe(404);
    expect((await browser.get('/store/manage/dressed')).status).toBe(404);
  });

  test('search finds by name and description, whatever the accents, and says when it finds nothing', async () => {
    const { browser } = await publisher(house);
    const { manage } = await appWithBuild(browser, 'agenda');
    await browser.submit(`${manage}/publish`, { audience: 'everyone' });
    await browser.submit('/store/manage/agenda/edit', { name: 'Agenda única', description: 'Kalender' });
    const ann = await member(house);
    expect(await words(ann.browser, '/store?q=UNICA+kalender')).toContain('Agenda única');
    const nothing = await words(ann.browser, `/store?q=${encodeURIComponent('<zebra>')}`);
    expect(nothing).toContain('No app has “<zebra>” in its name or description.');
    expect(nothing).not.toContain('Agenda');
  });
});

test('builds lie in a bucket where there is one, and nobody sees a difference', async () => {
  const bucket = await startBucket();
  const house = await openHouse({ env: { BUILDS_URL: bucket.url } });
  const { browser } = await publisher(house);
  const file = sample('zip');
  const { download, manage } = await appWithBuild(browser, 'cloud', file);
  expect(bucket.objects.size).toBe(1);
  const got = await browser.get(download, { range: 'bytes=2-9' });
  expect([got.status, got.bytes.equals(file.bytes.subarray(2, 10))]).toEqual([206, true]);
  const broken = await sendBuild(browser, 'cloud', { ...sample('zip'), name: 'x.apk' });
  expect([broken.status, bucket.objects.size]).toEqual([422, 1]);
  await browser.submit(`${manage}/delete`);
  expect(bucket.objects.size).toBe(0);
  bucket.objects.clear();
  expect((await browser.get(download)).status).toBe(404);
  expect(bucket.complaints).toEqual([]);
  await house.close();
  await bucket.close();
});
