import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findClientWithSecret } from '../../src/clients/store.ts';
import { tokenHash } from '../../src/kit/encoding.ts';
import { ENGINES, type House } from '../kit/house.ts';
import { openOffice, type Run } from './operator.ts';

interface Made {
  client_id: string;
  client_secret: string | null;
}

describe.each(ENGINES)('client create, list and remove beside a running server on %s', (engine) => {
  let house: House;
  let run: Run;
  beforeAll(async () => {
    ({ house, run } = await openOffice({ engine }));
    await run('group', 'create', 'Editors');
  });
  afterAll(() => house.close());

  const create = (...args: string[]) => run('client', 'create', ...args);
  const WIKI = ['--name', 'Wiki', '--redirect-uri', 'https://wiki.example.org/cb'];
  async function listed(id: string) {
    const { stdout } = await run('client', 'list', '--json');
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
      .find((client) => client.id === id);
  }

  test('an app for OpenID Connect: id and secret, once', async () => {
    const { code, stderr, json, lines } = await create(
      ...WIKI,
      ...[
        '--redirect-uri',
        'http://localhost:8080/cb',
        '--post-logout-redirect-uri',
        'https://wiki.example.org/',
      ],
      ...[
        '--backchannel-logout-uri',
        'https://wiki.example.org/bye',
        '--acr',
        'mfa',
        '--group',
        'editors',
        '--json',
      ],
    );
    expect([code, stderr, lines.length]).toEqual([0, '', 1]);
    const { client_id, client_secret } = json<Made>();
    expect(Object.keys(json<Made>())).toEqual(['client_id', 'client_secret']);
    expect(client_id).toMatch(/^[0-9a-f]{32}$/);
    expect(client_secret).toMatch(/^[\w-]{43}$/);
    expect((await findClientWithSecret(house.app.database.db, client_id))?.secretHash).toBe(
      tokenHash(client_secret as string),
    );
    expect(await listed(client_id)).toMatchObject({
      kind: 'oidc',
      name: 'Wiki',
      public: false,
      redirect_uris: ['https://wiki.example.org/cb', 'http://localhost:8080/cb'],
      post_logout_redirect_uris: ['https://wiki.example.org/'],
      backchannel_logout_uri: 'https://wiki.example.org/bye',
      acr: 'mfa',
      groups: ['Editors'],
    });
    const { db } = house.app.database;
    const records = db.selectFrom('audit_event').selectAll().where('event', '=', 'client.created');
    expect((await records.execute()).at(-1)).toMatchObject({ actor: 'operator', subject: null });
  });

  test('for people: two lines; one that can keep no secret has none', async () => {
    const told = await create(...WIKI);
    expect(told.stdout).toMatch(/^client_id: [0-9a-f]{32}\nclient_secret: [\w-]{43}\n$/);
    const open = await create(
      '--name',
      'Phone',
      '--redirect-uri',
      'com.example.phone:/cb',
      '--public',
      '--json',
    );
    expect(open.json<Made>().client_secret).toBeNull();
    const { stdout } = await create(...WIKI, '--public');
    expect(stdout).toMatch(/^client_id: [0-9a-f]{32}\n$/);
  });

  test('a protected host, and a program that uses the management API', async () => {
    const host = await create('--name', 'Board', '--forward-auth', 'https://board.example.org/', '--json');
    expect(host.json<Made>().client_secret).toBeNull();
    expect(await listed(host.json<Made>().client_id)).toMatchObject({
      kind: 'forward-auth',
      origin: 'https://board.example.org',
    });
    const api = await create(
      ...['--name', 'Robot', '--api', '--scope', 'accounts:read', '--scope', 'audit:read', '--json'],
    );
    expect(api.json<Made>().client_secret).toMatch(/^[\w-]{43}$/);
    expect(await listed(api.json<Made>().client_id)).toMatchObject({
      kind: 'api',
      scopes: ['accounts:read', 'audit:read'],
    });
    const { stdout } = await run('client', 'list');
    expect(stdout).toContain('forward-auth  pwd  Board');
  });

  test('what is typed wrong is told, with nothing made', async () => {
    const before = (await run('client', 'list')).stdout;
    const wrong: [string[], number, RegExp][] = [
      [['--redirect-uri', 'https://a.example/'], 2, /--name is missing/],
      [['--name', 'A'], 2, /--redirect-uri is missing/],
      [['--name', 'A', '--redirect-uri', 'http://a.example/'], 1, /redirect_uris: Type whole addresses/],
      [['--name', 'A', '--redirect-uri', 'com.example.a:/cb'], 1, /redirect_uris: Type whole addresses/],
      [[...WIKI, '--acr', 'high'], 2, /--acr takes pwd, mfa, phr/],
      [[...WIKI, '--name', 'B'], 2, /--name is given twice/],
      [[...WIKI, '--group', 'Nobody'], 1, /There is no group "Nobody"/],
      [[...WIKI, '--scope', 'audit:read'], 2, /--scope does not apply to this kind/],
      [['--name', 'A', '--api'], 2, /--scope is missing/],
      [['--name', 'A', '--api', '--scope', 'all'], 2, /--scope takes accounts:read/],
      [
        ['--name', 'A', '--forward-auth', 'https://a.example/path'],
        1,
        /origin: Type only the address of the host/,
      ],
      [
        ['--name', 'A', '--forward-auth', 'https://board.example.org'],
        1,
        /origin: Another app already uses this host/,
      ],
      [
        ['--name', 'A', '--forward-auth', 'http://localhost:3000'],
        1,
        /origin: Another app already uses this host/,
      ],
      [['--name', 'A', '--forward-auth', 'https://a.example', '--public'], 2, /--public does not apply/],
    ];
    for (const [args, code, sentence] of wrong) {
      const done = await create(...args);
      expect([done.code, done.stdout], args.join(' ')).toEqual([code, '']);
      expect(done.stderr).toMatch(sentence);
    }
    expect((await run('client', 'list')).stdout).toBe(before);
  });

  test('a new secret replaces the old one; what is removed is gone', async () => {
    const { client_id, client_secret } = (await create(...WIKI, '--json')).json<Made>();
    const { db } = house.app.database;
    const again = await run('client', 'rotate-secret', client_id, '--json');
    expect(again.json<Made>().client_id).toBe(client_id);
    expect(again.json<Made>().client_secret).not.toBe(client_secret);
    expect((await findClientWithSecret(db, client_id))?.secretHash).toBe(
      tokenHash(again.json<Made>().client_secret as string),
    );
    expect((await run('client', 'remove', client_id)).stdout).toBe(
      '"Wiki" is removed: nobody can sign in to it any more.\n',
    );
    expect(await listed(client_id)).toBeUndefined();
    for (const command of ['remove', 'rotate-secret']) {
      const gone = await run('client', command, client_id, '--json');
      expect([gone.code, JSON.parse(gone.stderr).code]).toEqual([1, 'not_found']);
    }
    const host = (await create('--name', 'H', '--forward-auth', 'https://h.example', '--json')).json<Made>();
    const none = await run('client', 'rotate-secret', host.client_id);
    expect([none.code, none.stderr]).toEqual([1, 'countersign: "H" has no secret.\n']);
  });
});
