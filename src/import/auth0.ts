import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { customHash, customHashText } from './auth0-hash.ts';
import { complaintOf, flag, localPart, readJsonFile, text } from './json-file.ts';
import { BadFile, type Row, type Source, USUAL_APP } from './newcomer.ts';
import { utf8Reader } from './utf8.ts';

const factor = z.looseObject({
  totp: z.looseObject({ secret: z.string() }).optional(),
  phone: z.unknown().optional(),
  email: z.unknown().optional(),
});

const user = z.looseObject({
  email: text,
  email_verified: flag,
  name: text,
  given_name: text,
  family_name: text,
  nickname: text,
  blocked: flag,
  locale: text,
  /** In the export that support makes on demand. */
  passwordHash: text,
  password_hash: text,
  custom_password_hash: customHash.nullish(),
  mfa_factors: z.array(factor).nullish(),
  multifactor: z.array(z.string()).nullish(),
});

/** One user a line, as exports are, or an array, as imports are. */
export const auth0: Source = {
  async *read(path) {
    for await (const [place, row] of usersIn(path)) {
      if (row === NOT_JSON) {
        yield { place, problem: 'is not JSON' };
        continue;
      }
      const read = user.safeParse(row);
      yield read.success ? rowOf(place, read.data) : { place, problem: complaintOf(read.error) };
    }
  },
};

const NOT_JSON = Symbol('not JSON');

async function* usersIn(path: string): AsyncGenerator<[place: string, row: unknown]> {
  if (!(await beginsWithBracket(path))) return yield* rowsByLine(path);
  const file = await readJsonFile(path);
  if (!Array.isArray(file)) throw new BadFile('There is no list of users in the file.');
  for (const [index, row] of file.entries()) yield [`[${index}]`, row];
}

async function* rowsByLine(path: string): AsyncGenerator<[place: string, row: unknown]> {
  let [number, found] = [0, 0];
  for await (const line of linesOf(path)) {
    number += 1;
    if (line.trim() === '') continue;
    found += 1;
    yield [`line ${number}`, parsed(line)];
  }
  // An export that failed must not look like one of nobody.
  if (found === 0) throw new BadFile('The file is empty.');
}

/** Node's own reader of lines also ends one at U+2028, which may stand within a text of JSON, and mends what is no UTF-8. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const read = utf8Reader();
  let begun = '';
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    const [end = '', ...next] = read(piece).split('\n');
    begun += end;
    for (const line of next) {
      yield begun;
      begun = line;
    }
  }
  yield begun + read();
}

async function beginsWithBracket(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(1024), position: 0 });
    return buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\ufeff/, '')
      .trimStart()
      .startsWith('[');
  } finally {
    await file.close();
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return NOT_JSON;
  }
}

function rowOf(place: string, found: z.infer<typeof user>): Row {
  const { passwordHash, password_hash, custom_password_hash: custom } = found;
  const factors = found.mfa_factors ?? [];
  const secrets = factors.flatMap(({ totp }) => totp?.secret ?? []);
  return {
    place,
    email: found.email,
    name:
      found.name ||
      `${found.given_name} ${found.family_name}`.trim() ||
      found.nickname ||
      localPart(found.email),
    proven: found.email_verified,
    suspended: found.blocked,
    locale: found.locale,
    password: custom ? customHashText(custom) : passwordHash || password_hash || null,
    apps: secrets.map((secret) => ({ ...USUAL_APP, secret, encoding: 'base32', label: '' })),
    roles: [],
    groups: [],
    notKept: [
      ...factors.flatMap(({ phone }) => (phone ? ['phone for codes'] : [])),
      ...factors.flatMap(({ email }) => (email ? ['codes by mail'] : [])),
      // The export names that there is one, and keeps its secret.
      ...(secrets.length === 0 && (found.multifactor ?? []).length > 0
        ? ['second step of the other system']
        : []),
    ],
  };
}
