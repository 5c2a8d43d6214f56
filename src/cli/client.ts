import {
  createClient as makeClient,
  type NewClient,
  removeClient,
  rotateSecret,
} from '../clients/change-clients.ts';
import {
  API_SCOPES,
  type ApiScope,
  type Client,
  type ClientKind,
  type ClientSettings,
  NO_SETTINGS,
} from '../clients/client.ts';
import { findClient, listClients } from '../clients/store.ts';
import type { Db } from '../database/open.ts';
import { listGroups } from '../groups/store.ts';
import type { Acr } from '../sessions/session.ts';
import { type Call, type Command, CommandRefused, required, WrongUsage } from './command.ts';
import { byOperator } from './find-account.ts';
import { findGroupByName } from './find-group.ts';
import { withDeps } from './open.ts';

const ACRS: readonly Acr[] = ['pwd', 'mfa', 'phr'];

const one = { type: 'string' } as const;
const several = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

export const clientCommands: readonly Command[] = [
  {
    name: 'client create',
    takes:
      '--name N --redirect-uri U… [--post-logout-redirect-uri U…] [--backchannel-logout-uri U] [--public]\n' +
      '      or --name N --forward-auth ORIGIN, or --name N --api --scope S…\n' +
      '      [--acr pwd|mfa|phr] [--group G…] [--home-url U] [--description D]',
    does: 'registers an app; prints its id and its secret, once',
    options: {
      name: one,
      'redirect-uri': several,
      'post-logout-redirect-uri': several,
      'backchannel-logout-uri': one,
      public: flag,
      'forward-auth': one,
      api: flag,
      scope: several,
      acr: one,
      group: several,
      'home-url': one,
      description: one,
    },
    run: create,
  },
  { name: 'client list', takes: '', does: 'one line for each app', run: list },
  {
    name: 'client rotate-secret',
    takes: 'ID',
    does: 'prints a new secret, once; the old one no longer works',
    operands: ['ID'],
    run: rotate,
  },
  {
    name: 'client remove',
    takes: 'ID',
    does: 'removes the app; nobody can sign in to it any more',
    operands: ['ID'],
    run: remove,
  },
];

async function create(call: Call): Promise<void> {
  const name = required(call, 'name');
  const kind = kindOf(call);
  requireOwn(call, kind);
  const settings: ClientSettings = {
    ...NO_SETTINGS,
    name,
    description: call.option('description') ?? '',
    homeUrl: call.option('home-url') ?? null,
    redirectUris: call.every('redirect-uri'),
    postLogoutRedirectUris: call.every('post-logout-redirect-uri'),
    backchannelLogoutUri: call.option('backchannel-logout-uri') ?? null,
    origin: call.option('forward-auth') ?? null,
    acr: acrOf(call),
    scopes: scopesOf(call),
  };
  await withDeps(call, async (deps) => {
    const groups = [];
    for (const group of call.every('group')) groups.push(await findGroupByName(deps.database.db, group));
    const all = { ...settings, groupIds: groups.map(({ id }) => id) };
    const made = await makeClient(deps, byOperator(deps), kind, call.flag('public'), all);
    await call.print(linesOf(made), { client_id: made.clientId, client_secret: made.clientSecret });
  });
}

function linesOf({ clientId, clientSecret }: NewClient): string {
  const secret = clientSecret === null ? [] : [`client_secret: ${clientSecret}`];
  return [`client_id: ${clientId}`, ...secret].join('\n');
}

/** What belongs to another kind was typed for nothing, so it is refused. @throws {WrongUsage} */
function kindOf(call: Call): ClientKind {
  const kind = call.flag('api') ? 'api' : call.option('forward-auth') === undefined ? 'oidc' : 'forward-auth';
  const belongs: Readonly<Record<string, ClientKind>> = {
    'redirect-uri': 'oidc',
    'post-logout-redirect-uri': 'oidc',
    'backchannel-logout-uri': 'oidc',
    public: 'oidc',
    'forward-auth': 'forward-auth',
    scope: 'api',
  };
  for (const [name, owner] of Object.entries(belongs)) {
    const given = call.flag(name) || call.option(name) !== undefined || call.every(name).length > 0;
    if (given && owner !== kind) throw new WrongUsage(`--${name} does not apply to this kind of app`);
  }
  return kind;
}

/** What an app of this kind cannot be without. @throws {WrongUsage} */
function requireOwn(call: Call, kind: ClientKind): void {
  const needed = { oidc: 'redirect-uri', api: 'scope', 'forward-auth': undefined }[kind];
  if (needed && call.every(needed).length === 0) throw new WrongUsage(`--${needed} is missing`);
}

function acrOf(call: Call): Acr {
  const given = call.option('acr') ?? 'pwd';
  const acr = ACRS.find((value) => value === given);
  if (!acr) throw new WrongUsage(`--acr takes ${ACRS.join(', ')}, not "${given}"`);
  return acr;
}

function scopesOf(call: Call): readonly ApiScope[] {
  return call.every('scope').map((given) => {
    const scope = API_SCOPES.find((value) => value === given);
    if (!scope) throw new WrongUsage(`--scope takes ${API_SCOPES.join(', ')}, not "${given}"`);
    return scope;
  });
}

async function list(call: Call): Promise<void> {
  await withDeps(call, async ({ database }) => {
    const names = new Map((await listGroups(database.db)).map(({ id, name }) => [id, name]));
    for (const client of await listClients(database.db)) {
      const groups = client.groupIds.map((id) => names.get(id) ?? id);
      await call.print(summaryLine(client, groups), summaryOf(client, groups));
    }
  });
}

function summaryLine({ id, kind, name, acr }: Client, groups: readonly string[]): string {
  return `${id}  ${kind.padEnd(12)}  ${acr}  ${name}${groups.length > 0 ? `  (${groups.join(', ')})` : ''}`;
}

function summaryOf(client: Client, groups: readonly string[]) {
  return {
    id: client.id,
    kind: client.kind,
    name: client.name,
    public: client.isPublic,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    backchannel_logout_uri: client.backchannelLogoutUri,
    origin: client.origin,
    home_url: client.homeUrl,
    acr: client.acr,
    groups,
    scopes: client.scopes,
    created_at: client.createdAt,
  };
}

async function rotate(call: Call): Promise<void> {
  await withDeps(call, async (deps) => {
    const { id, name, isPublic } = await findById(deps.database.db, call);
    if (isPublic) throw new CommandRefused('conflict', `"${name}" has no secret.`);
    const clientSecret = await rotateSecret(deps, byOperator(deps), id);
    await call.print(linesOf({ clientId: id, clientSecret }), {
      client_id: id,
      client_secret: clientSecret,
    });
  });
}

async function remove(call: Call): Promise<void> {
  await withDeps(call, async (deps) => {
    const { id, name } = await findById(deps.database.db, call);
    await removeClient(deps, byOperator(deps), id);
    await call.print(`"${name}" is removed: nobody can sign in to it any more.`, { id, name });
  });
}

/** @throws {CommandRefused} not_found */
async function findById(db: Db, call: Call): Promise<Client> {
  const id = call.operands[0] as string;
  const client = await findClient(db, id);
  if (!client) throw new CommandRefused('not_found', `There is no app with the id "${id}".`);
  return client;
}
