import { request } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operatorsPlace } from '../../src/cli/find-account.ts';
import { changeClient } from '../../src/clients/change-clients.ts';
import { NO_SETTINGS } from '../../src/clients/client.ts';
import { createGroup } from '../../src/groups/change-groups.ts';
import { type Protected, planted } from '../kit/attack-kit.ts';
import { axe, launch, openPage, shoot } from '../kit/chromium.ts';
import { type House, openHouse } from '../kit/house.ts';
import { appCode } from '../kit/people.ts';
import { type ProtectedHost, protectHost } from '../kit/protected-host.ts';
import {
  caddyInstalled,
  type EchoApp,
  example,
  nginxInstalled,
  type Running,
  startCaddy,
  startEchoApp,
  startNginx,
} from '../kit/reverse-proxy.ts';
import { freePort } from '../kit/server-process.ts';

interface Ports {
  readonly countersign: number;
  readonly app: number;
  readonly here: number;
}

const PROXIES = [
  {
    name: 'nginx',
    installed: nginxInstalled,
    start: ({ countersign, app, here }: Ports) =>
      startNginx(
        here,
        example('nginx', {
          'listen 443 ssl;': `listen 127.0.0.1:${here};`,
          'server_name wiki.example.org;': 'server_name 127.0.0.1;',
          'ssl_certificate     /etc/ssl/wiki.example.org.pem;': '',
          'ssl_certificate_key /etc/ssl/wiki.example.org.key;': '',
          'https://id.example.org': `http://localhost:${countersign}`,
          '127.0.0.1:3000': `127.0.0.1:${countersign}`,
          '127.0.0.1:8080': `127.0.0.1:${app}`,
        }),
      ),
  },
  {
    name: 'caddy',
    installed: caddyInstalled,
    start: ({ countersign, app, here }: Ports) =>
      startCaddy(
        here,
        example('caddy', {
          'wiki.example.org {': `http://127.0.0.1:${here} {\n  bind 127.0.0.1`,
          '127.0.0.1:3000': `127.0.0.1:${countersign}`,
          '127.0.0.1:8080': `127.0.0.1:${app}`,
        }),
      ),
  },
];

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe.each(PROXIES)('forward-auth behind a real $name', ({ name, installed, start }) => {
  describe.skipIf(!installed)(
    `with the example of docs/integrate.md (Debian: apt-get install ${name})`,
    () => {
      let house: House;
      let app: EchoApp;
      let proxy: Running;
      let host: ProtectedHost;
      let person: Protected;
      let page: Page;
      let origin: string;

      beforeAll(async () => {
        const ports = { countersign: await freePort(), here: await freePort() };
        const baseUrl = `http://localhost:${ports.countersign}`;
        house = await openHouse({ env: { PORT: String(ports.countersign), BASE_URL: baseUrl } });
        await house.app.server.listen({ port: ports.countersign, host: '127.0.0.1' });
        app = await startEchoApp();
        origin = `http://127.0.0.1:${ports.here}`;
        host = await protectHost(house, { acr: 'mfa', origin });
        person = await planted(house, { name: 'Zoë Example' });
        proxy = await start({ ...ports, app: app.port });
        page = await openPage(browser);
      });
      afterAll(async () => {
        await page?.context().close();
        await proxy?.stop();
        await app?.stop();
        await house?.close();
      });

      /** One request as a program sends it. */
      function ask(headers: Record<string, string>): Promise<{ status: number; body: string }> {
        return new Promise((resolve, reject) => {
          const asked = request(`${origin}/raw`, { headers }, async (answer) => {
            let body = '';
            for await (const chunk of answer.setEncoding('utf8')) body += chunk;
            resolve({ status: answer.statusCode ?? 0, body });
          });
          asked.on('error', reject).end();
        });
      }

      test('a person signs in with both steps and arrives where they wanted to go', async () => {
        await page.goto(`${origin}/page?id=7&x=a%20b`);
        expect(new URL(page.url()).pathname).toBe('/sign-in');
        await page.getByLabel('E-mail').fill(person.person.email);
        await page.getByLabel('Password', { exact: true }).fill(person.person.password);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await page.getByLabel('One-time code').fill(appCode(house, person.secret));
        await page.getByRole('button', { name: 'Verify' }).click();
        await page.waitForURL(`${origin}/page?id=7&x=a%20b`);
        const shown = await page.locator('body').innerText();
        expect(shown).toContain(`remote-user: ${person.person.email}`);
        expect(shown).toContain('remote-name: Zoë Example');
        expect(shown).toContain(`remote-id: ${person.person.id}`);
        // Of Countersign's own cookies none comes to the app.
        expect(shown).not.toMatch(/[ ;]session=/);
      });

      test('the app never hears what a client says of itself, and no other header makes a way in', async () => {
        const [cookie] = (await page.context().cookies(origin)).filter(
          (one) => one.name === 'countersign-app',
        );
        const sent = `countersign-app=${cookie?.value}`;
        const forged = {
          'Remote-User': 'root@example.org',
          'Remote-Groups': 'admins',
          'Remote-Id': 'root',
          Remote_User: 'root@example.org',
          Remote_Groups: 'admins',
        };
        const inside = await ask({ cookie: sent, ...forged });
        expect(inside.status).toBe(200);
        expect(inside.body).toContain(`remote-user: ${person.person.email}`);
        expect(inside.body).not.toMatch(/root|admins/);
        for (const headers of [
          forged,
          { 'X-Original-URL': 'https://open.example.org/', 'X-Forwarded-Host': 'open.example.org' },
          { cookie: 'countersign-app=x' },
          { Authorization: `Bearer ${cookie?.value}` },
        ] as Record<string, string>[]) {
          const outside = await ask({ Accept: 'application/json', ...headers });
          expect([302, 303, 401, 403]).toContain(outside.status);
          expect(outside.body).not.toContain('remote-');
        }
        // Another host of the same house, named by the client beside what the proxy says.
        await protectHost(house, { name: 'Open', origin: 'https://open.example.org' });
        const misled = await ask({ cookie: sent, 'X-Original-URL': 'https://open.example.org/' });
        expect(misled.status).toBe(200);
        expect(misled.body).toContain(`remote-user: ${person.person.email}`);
      });

      test('a page is led to sign in, and a script is told 401', async () => {
        expect([302, 303]).toContain((await ask({ Accept: 'text/html' })).status);
        expect((await ask({ Accept: 'application/json' })).status).toBe(401);
        expect((await ask({ Accept: '*/*', 'Sec-Fetch-Mode': 'cors' })).status).toBe(401);
      });

      test('signing out of the app: a page under its own address, in our look', async () => {
        await page.goto(`${origin}/.countersign/sign-out`);
        expect(await page.title()).toContain('Sign out of Wiki?');
        expect(await axe(page)).toEqual([]);
        await shoot(page, `forward-auth-sign-out-${name}`);
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByRole('heading', { name: 'You are signed out of Wiki' }).waitFor();
        expect(await axe(page)).toEqual([]);
        const names = (await page.context().cookies(origin)).map((one) => one.name);
        expect(names).not.toContain('countersign-app');
        // The session is still there: no question on the way back.
        await page.goto(`${origin}/again`);
        await page.waitForURL(`${origin}/again`);
        expect(await page.locator('body').innerText()).toContain('url: /again');
      });

      test('whoever may not enter any more is told so', async () => {
        const by = { place: operatorsPlace(house.app.deps), actor: 'operator' };
        const group = await createGroup(house.app.deps, by, 'Editors');
        const settings = { ...NO_SETTINGS, name: 'Wiki', origin, acr: 'mfa' as const, groupIds: [group.id] };
        await changeClient(house.app.deps, by, host.clientId, settings);
        const answer = await page.goto(`${origin}/page`);
        expect(answer?.status()).toBe(403);
        await page.getByRole('heading', { name: 'Wiki isn’t open to you' }).waitFor();
        expect(await axe(page)).toEqual([]);
        await shoot(page, `forward-auth-closed-${name}`);
      });
    },
  );
});
