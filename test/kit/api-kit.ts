import { spawnSync } from 'node:child_process';
import type { Example, Operation } from '../../src/api/operation.ts';
import { apiOperations } from '../../src/api/routes.ts';
import { openBuildFiles } from '../../src/builds/files/open.ts';
import { API_SCOPES, type ApiScope, NO_SETTINGS } from '../../src/clients/client.ts';
import { insertClient } from '../../src/clients/store.ts';
import { tokenHash } from '../../src/kit/encoding.ts';
import { newId, newToken } from '../../src/kit/random.ts';
import { MULTIPART, multipart, sample } from './builds.ts';
import type { House } from './house.ts';

/** True where the scripts of docs/integrate.md can be run. */
export const programsAreThere = ['curl', 'jq'].every((name) => spawnSync(name, ['--version']).status === 0);

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Calls an operation as its example says; `token` null: with none. `raw`: the very body, said to be JSON. */
export async function callApi(
  house: House,
  operation: Operation,
  example: Example,
  token: string | null,
  headers: Readonly<Record<string, string>> = {},
  ...raw: [payload?: string | undefined]
): Promise<ApiAnswer> {
  const { params = {}, query = {} } = example;
  const filled = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? name);
  const { type, payload } = raw.length > 0 ? asJson(raw[0]) : bodyOf(operation, example);
  const answer = await house.app.server.inject({
    method: operation.method,
    url: `/api/v1${filled}?${new URLSearchParams(query)}`,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(type === null ? {} : { 'content-type': type }),
      ...headers,
    },
    ...(payload === null ? {} : { payload }),
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body === '' ? null : answer.json(),
  };
}

/** Undefined: no body, and nothing that says what it is. */
const asJson = (payload: string | undefined) => ({
  type: payload === undefined ? null : 'application/json',
  payload: payload ?? null,
});

/** An upload's file is the least of its kind that is taken. */
function bodyOf({ upload }: Operation, { body, file }: Example) {
  if (upload) {
    const fields = Object.entries((body ?? {}) as object).map(([name, value]) => [name, String(value)]);
    return {
      type: MULTIPART,
      payload: multipart(Object.fromEntries(fields), file === undefined ? null : sample('apk', file)),
    };
  }
  if (body === undefined) return { type: null, payload: null };
  return { type: 'application/json', payload: JSON.stringify(body) };
}

export function operationsOf({ app: { deps } }: House): Operation[] {
  return apiOperations({ ...deps, files: openBuildFiles(deps.config) });
}

export interface Program {
  readonly clientId: string;
  readonly token: string;
  /** Calls the operation of this name. */
  call(id: string, example?: Example): Promise<ApiAnswer>;
}

/** A program that may do all of this. */
export async function program(house: House, scopes: readonly ApiScope[] = API_SCOPES): Promise<Program> {
  const { clientId, token } = await giveProgram(house, scopes);
  const operations = operationsOf(house);
  return {
    clientId,
    token,
    call(id, example = {}) {
      const found = operations.find((one) => one.id === id);
      if (!found) throw new Error(`there is no operation ${id}`);
      return callApi(house, found, example, token);
    },
  };
}

/** A token as the client credentials grant keeps it, of a new program with these scopes. */
export async function giveToken(house: House, scopes: readonly ApiScope[]): Promise<string> {
  return (await giveProgram(house, scopes)).token;
}

async function giveProgram(house: House, scopes: readonly ApiScope[]) {
  const { database, random, clock, seal } = house.app.deps;
  const [id, token, now] = [newId(random), newToken(random), clock.now()];
  const hash = tokenHash(token);
  await database.transaction(async (tx) => {
    await insertClient(tx, {
      ...NO_SETTINGS,
      id,
      kind: 'api',
      name: 'Zapier',
      secretHash: hash,
      now,
      scopes,
    });
    await tx
      .insertInto('oidc_token')
      .values({
        hash,
        kind: 'ClientCredentials',
        client_id: id,
        account_id: null,
        grant_id: null,
        session_id: null,
        sealed: seal.seal('oidc', hash, JSON.stringify({ scope: scopes.join(' ') })),
        created_at: now,
        expires_at: now + 600_000,
        consumed_at: null,
      })
      .execute();
  });
  return { clientId: id, token };
}
