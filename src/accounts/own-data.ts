import type { Deps } from '../deps.ts';
import type { Answer } from '../web/answer.ts';
import type { Account } from './account.ts';

/** What one room keeps about a person, for the person: plain words as keys, instants as text, never a secret. */
export interface OwnData {
  /** The key in the file: `sessions`. */
  readonly name: string;
  read(deps: Deps, account: Account): Promise<unknown>;
}

/** Everything that is kept about somebody, room by room (GDPR, articles 15 and 20). */
export async function gatherOwnData(
  deps: Deps,
  parts: readonly OwnData[],
  account: Account,
): Promise<Record<string, unknown>> {
  const data: Record<string, unknown> = {};
  for (const part of parts) data[part.name] = await part.read(deps, account);
  return data;
}

/** For who asks for it, and for an administrator who hands it on: the same file. */
export function ownDataFile(
  { config }: Pick<Deps, 'config'>,
  now: number,
  data: Awaited<ReturnType<typeof gatherOwnData>>,
): Answer {
  const made_at = new Date(now).toISOString();
  return {
    status: 200,
    cookies: [],
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="account-data-${made_at.slice(0, 10)}.json"`,
    },
    body: `${JSON.stringify({ made_at, server: config.baseUrl, ...data }, null, 2)}\n`,
  };
}

/** `2026-05-03T10:00:05.000Z`; null stays null. */
export function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
