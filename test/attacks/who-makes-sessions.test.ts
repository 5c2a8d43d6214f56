import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { API_SCOPES } from '../../src/clients/client.ts';
import { openHouse } from '../kit/house.ts';

describe('R29/R31: one function makes sessions, and every route says who may call it', () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url));
  const files = readdirSync(source, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(source + name, 'utf8') }));

  const using = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

  test('R29: insertSession is named by its own file and by sessions/complete.ts alone', () => {
    expect(using(/\binsertSession\b/).sort()).toEqual(['sessions/complete.ts', 'sessions/store.ts']);
  });

  test('R29: nobody else writes the table of sessions', () => {
    expect(using(/insertInto\('session'\)|insert into session\b/i)).toEqual(['sessions/store.ts']);
    expect(using(/updateTable\('session'\)/)).toEqual(['sessions/store.ts']);
    // R67: whoever deletes one tells its apps.
    const ending = using(/deleteFrom\('session'\)|table: 'session'/);
    expect(ending.sort()).toEqual(['sessions/end-here.ts', 'sessions/store.ts', 'upkeep/purge.ts']);
    // What deletes from a table that it is told has two callers: the one above, and one that deletes none.
    const told = using(/\bremove(All)?Ended\b/);
    expect(told.sort()).toEqual(['upkeep/forget-removed.ts', 'upkeep/piecemeal.ts', 'upkeep/purge.ts']);
  });

  test('R29: completeSignIn has few call sites: the password alone or in a trusted browser, an answer, a passkey, a first enrolment', () => {
    const calls = files
      .filter(({ name }) => name !== 'sessions/complete.ts')
      .flatMap(({ name, text }) => [...text.matchAll(/completeSignIn\(/g)].map(() => name));
    expect(calls.sort()).toEqual([
      'factors/switch-on.ts',
      'sign-in/answer-factor.ts',
      'sign-in/check-password.ts',
      'sign-in/check-password.ts',
      'sign-in/passkey.ts',
    ]);
  });

  test('R29: only three places give out a cookie of the name session', () => {
    const giving = using(/name: 'session', value: (?!null)/);
    expect(giving.sort()).toEqual(['sessions/complete.ts', 'sessions/step-up.ts']);
  });

  test('R30: pending sign-ins are begun by the password step alone', () => {
    expect(using(/\bbeginPending\b/).sort()).toEqual(['sessions/pending.ts', 'sign-in/check-password.ts']);
  });

  test('R31: every route has a level, and every path of the server is one of the table', async () => {
    const house = await openHouse();
    try {
      const known = [
        'everyone',
        'anyone',
        'newcomer',
        'pending',
        'signed-in',
        'stepped-up',
        'security-page',
        'may-enrol',
        'enrolling',
        'administrator',
        'stepped-up-administrator',
        'publisher',
        'stepped-up-publisher',
        ...API_SCOPES.map((scope) => `bearer ${scope}`),
      ];
      for (const { path, level } of house.app.routes) expect(known, path).toContain(level.name);
      const printed = house.app.server.printRoutes({ commonPrefix: false });
      expect(printed.split('\n').filter((line) => line.includes('(')).length).toBeGreaterThan(20);
      const open = house.app.routes
        .filter(({ method, level }) => method === 'POST' && level.name === 'everyone')
        .map(({ path }) => path);
      expect(open.sort()).toEqual([
        '/forgot-password',
        '/forward-auth/sign-out',
        '/invitation',
        '/not-me',
        '/oidc/authorize',
        '/oidc/introspect',
        '/oidc/logout',
        '/oidc/revoke',
        '/oidc/token',
        '/oidc/userinfo',
        '/recover/cancel',
        '/reset-password',
        '/setup',
        '/sign-in',
        '/sign-in/passkey',
        '/sign-out',
        '/sign-up',
        '/temporary-pass',
        '/undo',
      ]);
    } finally {
      await house.close();
    }
  });

  test('R31: a route without a level stops the start', async () => {
    const { default: Fastify } = await import('fastify');
    const { mountRoutes } = await import('../../src/web/router.ts');
    const { html } = await import('../../src/kit/html.ts');
    const house = await openHouse();
    try {
      const { clock, random, log } = house.app.deps;
      const options = {
        baseUrl: 'http://localhost',
        secure: false,
        clock,
        random,
        log,
        errorPage: () => html`x`,
      };
      const server = Fastify();
      mountRoutes(server, [], options);
      expect(() => server.get('/bare', async () => 'open')).toThrow(/declares no level/);
      const careless = { method: 'GET', path: '/careless', handle: async () => ({}) } as never;
      expect(() => mountRoutes(Fastify(), [careless], options)).toThrow();
    } finally {
      await house.close();
    }
  });

  test('R85: no route of tests, metrics or debugging is there', async () => {
    const house = await openHouse();
    try {
      for (const path of [
        '/metrics',
        '/debug',
        '/test',
        '/__test',
        '/documentation',
        '/docs',
        '/.env',
        '/.git/config',
        '/data/keys.json',
        '/keys.json',
        '/assets/../data/keys.json',
        '/assets/..%2f..%2fpackage.json',
        '/assets/%2e%2e/package.json',
        '/api',
        '/graphql',
      ]) {
        expect((await house.browser().get(path)).status, path).toBe(404);
      }
    } finally {
      await house.close();
    }
  });
});
