import { expect, test } from 'vitest';
import { documented } from '../../../test/kit/documented.ts';
import { snippetsFor } from './snippets.ts';

const place = { baseUrl: 'https://id.example.org', listens: '127.0.0.1:3000' };
const client = {
  id: 'CLIENT_ID',
  kind: 'oidc',
  isPublic: false,
  origin: null,
  redirectUris: ['https://wiki.example.org/oidc/callback'],
  scopes: [],
} as const;
const textOf = (snippets: ReturnType<typeof snippetsFor>, name: string) =>
  snippets.find((one) => one.name.includes(name))?.text;

test('what the Dashboard shows for a proxy is what docs/integrate.md says, which a real one was started with', () => {
  const host = { ...client, kind: 'forward-auth', origin: 'https://wiki.example.org' } as const;
  const shown = snippetsFor(host, place, 'CLIENT_SECRET');
  for (const [name, language] of [
    ['nginx', 'nginx'],
    ['Caddy', 'caddy'],
  ] as const) {
    expect(textOf(shown, name), name).toBe(
      documented('integrate.md', 'An app without any sign-in of its own', language),
    );
  }
});

test('and for Apache, but for what is about one page', () => {
  const told = documented('integrate.md', 'Apache, with mod_auth_openidc', 'apache');
  const lines = textOf(snippetsFor(client, place, 'CLIENT_SECRET'), 'Apache')?.split('\n') ?? [];
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(told.split('\n')).toContain(line);
});

test('a public app is shown nothing of a secret, and a program only what it may do', () => {
  const open = snippetsFor({ ...client, isPublic: true }, place, 'CLIENT_SECRET');
  expect(open.map(({ name }) => name)).toEqual(['Node, openid-client']);
  expect(open[0]?.text).toContain("'CLIENT_ID', undefined, oidc.None());");
  expect(open[0]?.text).not.toContain('CLIENT_SECRET');
  const program = { ...client, kind: 'api', scopes: ['audit:read'] } as const;
  expect(textOf(snippetsFor(program, place, 'S'), 'curl')).toContain('/api/v1/audit-events');
});
