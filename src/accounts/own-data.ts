import { Readable } from 'node:stream';
import type { Deps } from '../deps.ts';
import type { Answer } from '../web/answer.ts';
import type { Account } from './account.ts';

/** What one room keeps about a person, for the person: plain words as keys, instants as text, never a secret. */
export type OwnData = {
  /** The key in the file: `sessions`. */
  readonly name: string;
} & (
  | { read(deps: Deps, account: Account): Promise<unknown> }
  /** Of what may be more than anybody's memory should hold: read while the file goes out. */
  | { pages(deps: Deps, account: Account): Pages }
);

type Pages = AsyncIterable<readonly unknown[]>;

/** Everything that is kept about somebody, room by room (GDPR, articles 15 and 20). */
export async function gatherOwnData(
  deps: Deps,
  parts: readonly OwnData[],
  account: Account,
): Promise<Record<string, unknown>> {
  const data: Record<string, unknown> = {};
  for (const part of parts)
    data[part.name] = 'pages' in part ? part.pages(deps, account) : await part.read(deps, account);
  return data;
}

/**
 * For who asks for it, and for an administrator who hands it on: the same file. Read as it is taken: somebody of whom a
 * hundred thousand records tell could ask for it so often, or take it so slowly, that nothing else had room.
 */
export function ownDataFile(
  { config }: Pick<Deps, 'config'>,
  now: number,
  data: Awaited<ReturnType<typeof gatherOwnData>>,
): Answer {
  const made_at = new Date(now).toISOString();
  const written = write({ made_at, server: config.baseUrl, ...data });
  return {
    status: 200,
    cookies: [],
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="account-data-${made_at.slice(0, 10)}.json"`,
    },
    body: Readable.from(written, { objectMode: false }),
  };
}

/** As `JSON.stringify` would write it. */
async function* write(data: Readonly<Record<string, unknown>>): AsyncGenerator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(data)) {
    yield `${before}\n  ${JSON.stringify(name)}: `;
    if (isPages(value)) yield* writeList(value);
    else yield indented(value, '  ');
    before = ',';
  }
  yield '\n}\n';
}

async function* writeList(pages: Pages): AsyncGenerator<string> {
  let before = '[';
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield `${before}\n    ${page.map((item) => indented(item, '    ')).join(',\n    ')}`;
    before = ',';
  }
  yield before === '[' ? '[]' : '\n  ]';
}

/** No text in JSON holds a line break of its own. */
function indented(value: unknown, by: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${by}`);
}

const isPages = (value: unknown): value is Pages =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** `2026-05-03T10:00:05.000Z`; null stays null. */
export function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
