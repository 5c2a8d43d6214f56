import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import { zipOf } from './archive.ts';
import { type Browser, textOf } from './browser.ts';
import { type SampleFile, sendBuild } from './builds.ts';
import type { House } from './house.ts';
import { appWithBuild, publisher } from './store-people.ts';

/** An app, `notes`, of which one build is published for everyone; who publishes it, and what lies on the disk. */
export function sharedStore(house: House) {
  const original: SampleFile = {
    name: 'notes.apk',
    bytes: zipOf([{ name: 'AndroidManifest.xml', content: 'x'.repeat(5000) }]),
  };
  let browser: Browser;
  let build: Awaited<ReturnType<typeof appWithBuild>>;
  beforeAll(async () => {
    ({ browser } = await publisher(house));
    build = await appWithBuild(browser, 'notes', original);
    await browser.submit(`${build.manage}/publish`, { audience: 'everyone' });
  });

  const folder = () => join(house.app.deps.config.dataDir, 'builds');
  const store = {
    original,
    get browser() {
      return browser;
    },
    get download() {
      return build.download;
    },
    get manage() {
      return build.manage;
    },
    incoming: () => join(folder(), 'incoming'),
    countRows: async () => (await house.app.database.db.selectFrom('build').select('id').execute()).length,
    files: () => readdirSync(folder()).filter((name) => name !== 'incoming'),
    leftovers: () => (existsSync(store.incoming()) ? readdirSync(store.incoming()) : []),
    /** Refused with words beside the file, and nothing of it is left anywhere. */
    async refused(file: SampleFile, words: string, version = '9.9'): Promise<void> {
      const before = await store.countRows();
      const answer = await sendBuild(browser, 'notes', file, { version });
      expect(answer.status, `${file.name}: ${textOf(answer.body)}`).toBe(422);
      expect(textOf(answer.body)).toContain(words);
      expect(await store.countRows()).toBe(before);
      expect(store.files()).toHaveLength(before);
      expect(store.leftovers()).toEqual([]);
    },
  };
  return store;
}
