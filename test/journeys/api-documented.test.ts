import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiScope } from '../../src/clients/client.ts';
import { programsAreThere } from '../kit/api-kit.ts';
import { somebody } from '../kit/attack-kit.ts';
import { sample } from '../kit/builds.ts';
import { documented } from '../kit/documented.ts';
import type { House } from '../kit/house.ts';
import { openListeningHouse } from '../kit/listening-house.ts';
import { enterPassword } from '../kit/people.ts';
import { registerApp } from '../kit/relying-party.ts';

// What docs/integrate.md shows, run as it stands there. Without curl and jq there is nothing to run it with.
const HEADING = 'A program that looks after things';

let house: House;
let folder: string;
beforeAll(async () => {
  house = await openListeningHouse();
  folder = mkdtempSync(join(tmpdir(), 'countersign-documented-'));
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true });
});

async function run(script: string, env: Readonly<Record<string, string>>, ...words: string[]) {
  const path = join(folder, 'script.sh');
  writeFileSync(path, script);
  const { baseUrl } = house.app.deps.config;
  const child = spawn('sh', [path, ...words], {
    env: { PATH: process.env['PATH'] ?? '', COUNTERSIGN: baseUrl, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code, out, err };
}

const register = async (...scopes: ApiScope[]) => {
  const made = await registerApp(house, { name: 'Release', scopes }, { kind: 'api' });
  return { CLIENT_ID: made.clientId, CLIENT_SECRET: made.clientSecret as string };
};

test.skipIf(!programsAreThere)(
  'the documented release script publishes a build, and the next one',
  async () => {
    const env = await register('store:write');
    const script = documented('integrate.md', HEADING, 'sh');
    const file = join(folder, 'field-notes.apk');
    writeFileSync(file, sample('apk').bytes);
    for (const version of ['1.0', '1.1'])
      expect(await run(script, env, version, file)).toEqual({
        code: 0,
        out: `field-notes ${version} is published.\n`,
        err: '',
      });
    const browser = house.browser();
    await enterPassword(browser, await somebody(house));
    expect((await browser.get('/store/field-notes')).body).toContain('1.1');
    // The same version once more: refused, and the script says so instead of going on.
    const again = await run(script, env, '1.1', file);
    expect(again.code).not.toBe(0);
    expect(again.out).not.toContain('is published');
  },
);

test.skipIf(!programsAreThere)('the documented loop lists everybody', async () => {
  const people = [];
  for (let count = 0; count < 3; count++) people.push((await somebody(house)).email);
  const { CLIENT_ID, CLIENT_SECRET } = await register('accounts:read');
  const answer = await fetch(`${house.app.deps.config.baseUrl}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'accounts:read' }),
  });
  const { access_token: TOKEN } = (await answer.json()) as { access_token: string };
  const script = documented('integrate.md', HEADING, 'bash').replace('limit=100', 'limit=1');
  const { code, out, err } = await run(script, { TOKEN });
  expect([code, err]).toEqual([0, '']);
  for (const email of people) expect(out).toContain(`${email}\tfalse\n`);
});
