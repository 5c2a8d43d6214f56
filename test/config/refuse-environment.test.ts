import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { freePort } from '../kit/server-process.ts';
import { refusalOf } from './start-process.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'countersign-refuse-'));
const data = join(folder, 'data');
const foreign = join(folder, 'foreign');
let taken: Server;
let port: number;
beforeAll(async () => {
  port = await freePort();
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  const text = 'text, and no database by any means '.repeat(40);
  writeFileSync(join(folder, 'file'), text);
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'countersign.db'), text);
});
afterAll(() => {
  taken.close();
  rmSync(folder, { recursive: true });
});

/** A start that gets as far as listening must not do so on a port that somebody uses. */
const cases: [what: string, env: () => Record<string, string>, says: string | RegExp][] = [
  ['PORT', () => ({ PORT: '99999' }), 'PORT takes a whole number from 1 to 65535, not "99999"'],
  [
    'SMTP_URL, missing where people are',
    () => ({ BASE_URL: 'https://id.example.org' }),
    'SMTP_URL must be set when BASE_URL is not on localhost, to smtp://… or smtps://…',
  ],
  [
    'SMS_URL, of no gateway',
    () => ({ SMS_URL: 'smpp://u:geheim@gw.example' }),
    /^SMS_URL takes twilio:\/\/.*; or kannel\+http:\/\/.*; or webhook\+https:\/\//,
  ],
  [
    'SMS_URL, without what its gateway needs',
    () => ({ SMS_URL: 'webhook+https://gw.example/?secret=geheim' }),
    'SMS_URL takes webhook+https://HOST/PATH?secret=SECRET, with a secret of at least 16 characters',
  ],
  [
    'PORT, in use',
    () => ({ PORT: String(port) }),
    'PORT is in use by another program; set PORT to a free one',
  ],
  ['HOST, unknown', () => ({ HOST: 'nowhere.invalid' }), 'HOST is a name that is not known'],
  ['HOST, of another machine', () => ({ HOST: '192.0.2.1' }), 'HOST is not an address of this machine'],
  [
    'DATA_DIR, where no folder can be made',
    () => ({ DATA_DIR: '/proc/countersign/data' }),
    'DATA_DIR names a folder that this process may not write to',
  ],
  [
    'DATA_DIR, where no database can be made',
    () => ({ DATA_DIR: '/proc/1' }),
    'DATA_DIR names a folder whose countersign.db cannot be opened or made by this process',
  ],
  [
    'DATA_DIR, with something else under the name of the database',
    () => ({ DATA_DIR: foreign }),
    'DATA_DIR names a folder whose countersign.db is not a database',
  ],
  ['DATA_DIR, a file', () => ({ DATA_DIR: join(folder, 'file') }), /^(DATA_DIR|KEYS_FILE) names /],
  [
    'DATABASE_URL, no database',
    () => ({ DATABASE_URL: `sqlite:${join(folder, 'file')}` }),
    'DATABASE_URL names a file that is not a database',
  ],
  [
    'DATABASE_URL, in no folder',
    () => ({ DATABASE_URL: `sqlite:${join(folder, 'no', 'such.db')}` }),
    'DATABASE_URL names a file that cannot be opened or made by this process',
  ],
  [
    'DATABASE_URL, nobody there',
    () => ({ DATABASE_URL: 'postgres://u:geheim@127.0.0.1:1/x' }),
    'DATABASE_URL names a database that does not answer',
  ],
  [
    'DATABASE_URL, on a machine that is not known',
    () => ({ DATABASE_URL: 'postgres://u:geheim@nowhere.invalid/x' }),
    'DATABASE_URL names a database that does not answer',
  ],
  [
    'DATABASE_URL, a database that is not there',
    () => ({ DATABASE_URL: withPath(inject('postgresUrl'), 'nowhere') }),
    'DATABASE_URL names a database that does not exist: create it first',
  ],
  [
    'DATABASE_URL, a wrong password',
    () => ({ DATABASE_URL: withPassword(inject('postgresUrl'), 'geheim') }),
    'DATABASE_URL contains a password that the database server does not accept',
  ],
];

describe('a variable that does not open the house names itself, in one line and without a stack', () => {
  test.concurrent.each(cases)('%s', async (_what, env, says) => {
    const line = await refusalOf({ DATA_DIR: data, PORT: String(port), ...env() });
    const reason = line.replace(/^Countersign does not start: /, '');
    expect(reason).not.toBe(line);
    if (typeof says === 'string') expect(reason).toBe(says);
    else expect(reason).toMatch(says);
    expect(line).not.toContain('geheim');
  });
});

function withPath(text: string, name: string): string {
  const url = new URL(text);
  url.pathname = `/${name}`;
  return url.href;
}

function withPassword(text: string, password: string): string {
  const url = new URL(text);
  url.password = password;
  return url.href;
}
