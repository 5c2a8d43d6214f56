import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDeps } from '../../src/app.ts';
import { createClient } from '../../src/clients/change-clients.ts';
import { type ClientSettings, NO_SETTINGS } from '../../src/clients/client.ts';
import { readConfig } from '../../src/config.ts';
import { createGroup } from '../../src/groups/change-groups.ts';
import { createLog } from '../../src/kit/log.ts';
import { LOCALES, type Locale } from '../../src/words/locale.ts';
import { operate } from '../cli/operator.ts';
import { picture, sample } from '../kit/builds.ts';
import { launch } from '../kit/chromium.ts';
import { PASSWORD } from '../kit/people.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { appCode, Tour } from './tour.ts';

// The App Store as people see it, once in each language; what must be true of every page stands in inspect.ts.

const SLOW = { timeout: 300_000 };
const LONG_NAME = `Wolfeschlegelsteinhausenbergerdorff${'x'.repeat(25)}`;

let server: ServerProcess;
let browser: Browser;
let folder: string;
const tours = new Map<Locale, Tour>();

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ SUPPORT_EMAIL: 'help@example.org' }), launch()]);
  folder = mkdtempSync(join(tmpdir(), 'countersign-files-'));
  for (const locale of LOCALES) tours.set(locale, await Tour.begin(server, browser, locale));
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Apps in the browser, and groups, as an administrator makes them. */
async function furnish(): Promise<void> {
  const env = { PORT: new URL(server.url).port, DATA_DIR: server.dataDir };
  const deps = await createDeps(readConfig(env), createLog('silent'));
  const by = { place: { now: Date.now(), network: '', browser: '', requestId: '' }, actor: 'operator' };
  const app = (settings: Partial<ClientSettings>) =>
    createClient(deps, by, 'oidc', false, {
      ...NO_SETTINGS,
      redirectUris: ['https://x.example/cb'],
      ...settings,
    });
  await app({ name: 'Wiki', homeUrl: 'https://wiki.example.org/', description: '2026' });
  await app({ name: 'Ledger', homeUrl: 'https://ledger.example.org/', acr: 'mfa' });
  await app({
    name: LONG_NAME,
    homeUrl: `https://${'long.'.repeat(12)}example.org/`,
    acr: 'phr',
    description: 'x'.repeat(500),
  });
  for (const name of ['Alpha', LONG_NAME]) await createGroup(deps, by, name);
  await deps.database.close();
}

function file(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function account(email: string, role: string): Promise<void> {
  const env = { PORT: new URL(server.url).port, DATA_DIR: server.dataDir };
  const made = await operate(
    env,
    ['account', 'create', '--email', email, '--name', LONG_NAME, '--role', role, '--password-stdin'],
    PASSWORD,
  );
  expect(made.stderr).toBe('');
}

describe.each(LOCALES)('in %s', (locale) => {
  let tour: Tour;
  const slug = `notes-${locale}`;
  const manage = `/store/manage/${slug}`;
  const member = `member-${locale}@example.org`;
  beforeAll(async () => {
    tour = tours.get(locale) as Tour;
    await account(`publisher-${locale}@example.org`, 'publisher');
    await account(member, 'member');
  });
  const nothingWrong = () => expect(tour.faults.splice(0)).toEqual([]);

  /** Chooses the file, presses the button, and waits for what the script puts in the place of the page. */
  async function upload(path: string, version: string): Promise<void> {
    const { page } = tour;
    await page.locator('input[type=file]').setInputFiles(path);
    await page.locator('[name=version]').fill(version);
    const main = await page.locator('main').elementHandle();
    await page.locator('form[data-upload] .primary').click();
    await page.waitForFunction((old) => !(old as unknown as { isConnected: boolean }).isConnected, main);
  }

  /** While it is sent it can be stopped and not sent once more; who stops it is where they were. */
  async function stopped(): Promise<void> {
    const { page } = tour;
    const form = page.locator('form[data-upload]');
    const [send, stop] = [form.locator('.primary'), form.locator('button[type=button]')];
    await page.route(`**${manage}/upload`, () => {});
    await send.click();
    await form.locator('progress').waitFor();
    expect([await send.isVisible(), await stop.isVisible()]).toEqual([false, true]);
    await page.keyboard.press('Enter');
    await stop.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.matches(".primary")')).toBe(true);
    await page.unroute(`**${manage}/upload`);
  }

  test('a publisher makes an app, uploads with a progress bar, publishes and withdraws', SLOW, async () => {
    await tour.signIn(`publisher-${locale}@example.org`, PASSWORD);
    await tour.look('store-empty-publisher');
    await tour.open('/account/security/totp');
    const { secret } = await tour.enrolment();
    await tour.send('/account/security/totp', { code: appCode(secret) });
    await tour.visit('publish-none', '/');
    await tour.visit('app-new', '/store/manage/new');
    await tour.sendAndLook('app-new-error', '/store/manage/new', { name: '', slug: 'NO' });
    await tour.sendAndLook('app-created', '/store/manage/new', {
      name: LONG_NAME,
      slug,
      description: '2026\n\n2027',
    });

    await tour.visit('upload', `${manage}/upload`);
    await upload(file('x.apk', Buffer.from('<script>')), '1.0');
    expect(new URL(tour.page.url()).pathname).toBe(`${manage}/upload`);
    // What was chosen is still chosen, and the complaint stands beside it.
    expect(
      await tour.page
        .locator('input[type=file]')
        .evaluate((one) => (one as unknown as { files: unknown[] }).files.length),
    ).toBe(1);
    expect(await tour.page.locator('#f-file-error').isVisible()).toBe(true);
    await tour.look('upload-error');
    await stopped();
    await upload(file('field-notes.apk', sample('apk').bytes), '1.0');
    expect(new URL(tour.page.url()).pathname).toBe(manage);
    await tour.look('upload-done');
    nothingWrong();

    for (const [kind, version] of [
      ['deb', '2.4.1'],
      ['dmg', '2.4.1'],
      ['ipa', '2.4.1'],
      ['zip', '9.9'],
    ] as const) {
      await tour.open(`${manage}/upload`);
      await upload(file(`${LONG_NAME}.${kind}`, sample(kind).bytes), version);
    }
    const links = await tour.page.locator('a[href$="/publish"]').all();
    const paths = await Promise.all(links.map((link) => link.getAttribute('href')));
    await tour.visit('audience', paths[0] as string);
    await tour.sendAndLook('audience-error', paths[0] as string, { audience: 'groups' });
    for (const path of paths) {
      await tour.open(path as string);
      await tour.send(path as string);
    }
    const withdraw = (paths.at(-1) as string).replace('publish', 'withdraw');
    await tour.visit('withdraw', withdraw);
    await tour.sendAndLook('withdrawn', withdraw);
    await tour.open(paths.at(-1) as string);
    await tour.send(paths.at(-1) as string);
    await tour.visit('build-delete', withdraw.replace('withdraw', 'delete'));
    await tour.visit('app-delete', `${manage}/delete`);

    await tour.visit('app-edit', `${manage}/edit`);
    await tour.page.locator('input[type=file]').setInputFiles(file('icon.png', picture(256)));
    await Promise.all([
      tour.page.waitForEvent('load'),
      tour.page.locator('form[action$="/icon"] .button').click(),
    ]);
    await tour.look('app-edit-icon');
    await tour.visit('publish-list', '/store/manage');
    await tour.visit('app-counted', `/store/${slug}`);
    nothingWrong();
  });

  test('a member finds, opens and installs', SLOW, async () => {
    if (locale === LOCALES[0]) await furnish();
    await tour.signIn(member, PASSWORD);
    await tour.look('store');
    await tour.visit('store-found', '/store?q=2026');
    await tour.visit('store-not-found', '/store?q=zebra');
    await tour.visit('app', `/store/${slug}`);
    const install = tour.page.locator('a[href$="/install"]').first();
    await tour.visit('install', (await install.getAttribute('href')) as string);
    nothingWrong();
  });
});
