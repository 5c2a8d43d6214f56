import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkRoutesOf } from '../../src/cli/doctor-routes.ts';
import { openTrial, type Trial } from '../../src/cli/trial.ts';
import { readConfig } from '../../src/config.ts';
import { html } from '../../src/kit/html.ts';
import { createLog } from '../../src/kit/log.ts';
import { systemRandom } from '../../src/kit/random.ts';
import { createLevels } from '../../src/sessions/require.ts';
import { page, seeOther } from '../../src/web/answer.ts';
import { type Route, route } from '../../src/web/route.ts';
import { mountRoutes } from '../../src/web/router.ts';
import { operate } from './operator.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-routes-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('A10: nothing but the second step opens to a password-only sign-in, on http and on https', async () => {
  const https = {
    BASE_URL: 'https://id.example.org',
    SMTP_URL: 'smtp://127.0.0.1:1',
    SUPPORT_EMAIL: 'help@example.org',
  };
  for (const env of [{}, https]) {
    const { code, stdout, stderr } = await operate({ DATA_DIR: join(folder, 'data'), ...env }, [
      'doctor',
      '--routes',
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^GET {3}\/sign-in\/factor +200 +401 +401 +401 +401 +401 +401$/m);
    expect(stdout).toMatch(/^GET {3}\/account\/security +401 +401 +401 +401 +401 +401 +401$/m);
    expect(stdout).toMatch(/^GET {3}\/account\/security\/factors\/:id\/remove +401 /m);
    expect(stdout).toMatch(/^POST {2}\/account\/security\/factors\/:id\/remove +401 /m);
    expect(stdout).toContain('All is well.');
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('as JSON: one check a method and path', async () => {
  const { code, json } = await operate({ DATA_DIR: folder }, ['doctor', '--routes', '--json']);
  const { ok, checks } = json<{ ok: boolean; checks: { name: string; ok: boolean; message: string }[] }>();
  expect([code, ok]).toEqual([0, true]);
  expect(checks).toContainEqual({
    name: 'POST /account/security/disable',
    ok: true,
    message: 'pending 401, session 401, enrolment 401, bearer 401, basic 401, query 401, body 401',
  });
  expect(checks).toContainEqual({ name: 'DELETE /account', ok: true, message: 'pending 405' });
  expect(existsSync(join(folder, 'countersign.db'))).toBe(false);
});

describe('a route that is open by mistake is found', () => {
  let trial: Trial;
  beforeAll(async () => {
    trial = await openTrial(readConfig({ DATA_DIR: folder }));
  });
  afterAll(() => trial.close());

  async function problemsOf(extra: Route): Promise<string[]> {
    const { deps } = trial.app;
    const server = Fastify();
    const options = { baseUrl: deps.config.baseUrl, secure: false, clock: deps.clock, random: systemRandom };
    mountRoutes(server, [extra], { ...options, log: createLog('silent'), errorPage: () => html`` });
    // The password step stays the real one.
    const inject = ((call: { url: string }) =>
      (call.url === '/sign-in' ? trial.app.server : server).inject(call)) as typeof server.inject;
    const app = { ...trial.app, routes: [extra], server: Object.assign(Object.create(server), { inject }) };
    const { checks } = await checkRoutesOf({ ...trial, app });
    return checks.filter(({ ok }) => !ok).map(({ name, message }) => `${name}: ${message}`);
  }

  const levels = () => createLevels(trial.app.deps);
  const fine = async () => page(html`<p>fine</p>`);

  test('a page at the level of the second step, also by HEAD', async () => {
    const problems = await problemsOf(
      route({ method: 'GET', path: '/account/x', level: levels().pending, handle: fine }),
    );
    expect(problems).toEqual([
      'GET /account/x: pending: answered 200',
      'HEAD /account/x: pending: answered 200',
    ]);
  });

  test('a page for everybody that is on no list', async () => {
    const [problem] = await problemsOf(
      route({ method: 'GET', path: '/y', level: levels().everyone, handle: fine }),
    );
    expect(problem).toMatch(/pending: answered 200; session: answered 200; .*body: answered 200$/);
  });

  test('a change that succeeds with a redirect, and one that only its form stopped', async () => {
    const level = levels().pending;
    const body = z.strictObject({ code: z.string(), label: z.string() });
    const handle = async () => seeOther('/account');
    expect(await problemsOf(route({ method: 'POST', path: '/z', level, body, handle }))).toEqual([
      'POST /z: pending: answered 303 to /account',
    ]);
    const never = z.strictObject({ code: z.string().max(1, 'malformed') });
    expect(await problemsOf(route({ method: 'POST', path: '/z', level, body: never, handle }))).toEqual([
      'POST /z: pending: answered 400',
    ]);
  });

  test('a public page that shows the account, gives a session or breaks', async () => {
    const level = levels().everyone;
    const shows = async () => page(html`<p>${trial.person.email}</p>`);
    const gives = async () => seeOther('/sign-in', { cookies: [{ name: 'session', value: 'x' }] });
    const breaks = async () => {
      throw new Error('fault');
    };
    for (const [handle, words] of [
      [shows, 'showed something of the account'],
      [gives, 'gave a session'],
      [breaks, 'answered 500'],
    ] as const) {
      const [problem] = await problemsOf(route({ method: 'GET', path: '/help', level, handle }));
      expect(problem).toContain(`GET /help: pending: ${words}; session: ${words}`);
    }
  });

  test('a token in the query or the body that serves as a sign-in', async () => {
    const byQuery = route({
      method: 'GET',
      path: '/q',
      level: levels().everyone,
      query: z.object({ token: z.any().optional() }),
      async handle({ query }) {
        return query.token ? fine() : seeOther('/sign-in');
      },
    });
    expect(await problemsOf(byQuery)).toEqual(['GET /q: query: answered 200']);
  });
});
