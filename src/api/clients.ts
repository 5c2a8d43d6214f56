import { z } from 'zod';
import { changeClient, createClient, removeClient, rotateSecret } from '../clients/change-clients.ts';
import {
  API_SCOPES,
  type Client,
  type ClientKind,
  type ClientSettings,
  NO_SETTINGS,
} from '../clients/client.ts';
import { findClient, listClients } from '../clients/store.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { EXAMPLE } from './examples.ts';
import { operation } from './operation.ts';
import { asInstant, id, instant } from './shapes.ts';

const tag = 'Apps';
const address = z.string().max(2_000);
const settings = {
  name: z.string().min(1).max(200),
  description: z.string().max(2_000).meta({ description: 'What the App Store says of it.' }),
  home_url: address
    .nullable()
    .meta({ description: 'Where its tile in the App Store leads; null: it has none.' }),
  redirect_uris: z.array(address).max(50).meta({ description: 'Compared to the letter.' }),
  post_logout_redirect_uris: z.array(address).max(50),
  backchannel_logout_uri: address.nullable(),
  origin: address.nullable().meta({ description: 'The protected host; of kind `forward-auth` only.' }),
  acr: z.enum(['pwd', 'mfa', 'phr']).meta({ description: 'What its people must have proven.' }),
  scopes: z.array(z.enum(API_SCOPES)).meta({ description: 'Of this API; of kind `api` only.' }),
  group_ids: z.array(id).max(200).meta({ description: 'Who may enter; empty: everybody.' }),
};
const kind = z.enum(['oidc', 'forward-auth', 'api']);
const client = z
  .object({
    id,
    kind,
    public: z.boolean(),
    created_at: instant,
    secret_changed_at: instant.nullable(),
    ...settings,
  })
  .meta({ id: 'App' });
const ofClient = z.strictObject({ client_id: id });
const { name: required, ...others } = settings;
const newClient = z.strictObject({
  kind: kind.default('oidc'),
  public: z.boolean().default(false).meta({ description: 'True for an app that can keep no secret.' }),
  name: required,
  ...z.object(others).partial().shape,
});

const WIKI = {
  id: EXAMPLE.client,
  kind: 'oidc',
  public: false,
  created_at: EXAMPLE.at,
  secret_changed_at: EXAMPLE.at,
  name: 'Wiki',
  description: '',
  home_url: 'https://wiki.example.org/',
  redirect_uris: ['https://wiki.example.org/callback'],
  post_logout_redirect_uris: [],
  backchannel_logout_uri: null,
  origin: null,
  acr: 'mfa',
  scopes: [],
  group_ids: [],
};

/** The apps that sign their people in here, and the programs that use this API. */
export function clientOperations(deps: Deps) {
  const { db } = deps.database;
  const scope = 'policy:write';

  async function find(clientId: string): Promise<Client> {
    const found = await findClient(db, clientId);
    if (!found) throw new Refusal('not_found');
    return found;
  }

  return [
    operation({
      id: 'listApps',
      method: 'GET',
      path: '/clients',
      tag,
      scope,
      summary: 'All apps, by name',
      result: z.object({ data: z.array(client) }),
      example: { result: { data: [WIKI] } },
      handle: async () => ({ data: (await listClients(db)).map(asJson) }),
    }),
    operation({
      id: 'createApp',
      method: 'POST',
      path: '/clients',
      tag,
      scope,
      summary: 'Register an app',
      description: 'The secret is in this answer and in none after it.',
      body: newClient,
      status: 201,
      makes: 'client_id',
      result: z.object({ client_id: id, client_secret: z.string().nullable() }),
      refusals: ['invalid_input'],
      example: {
        body: { name: 'Tickets', redirect_uris: ['https://tickets.example.org/callback'], acr: 'mfa' },
        result: { client_id: EXAMPLE.client, client_secret: 'b3BlbiBzZXNhbWUgYnV0IG9ubHkgb25jZSBmb3IgeW91' },
      },
      async handle({ by, body: { kind: ofKind, public: isPublic, ...given } }) {
        // A program must not make itself, or another, more powerful than an administrator made it.
        if (ofKind === 'api') throw new Refusal('malformed_request', { problems: [API_BY_PEOPLE] });
        assertFits(ofKind, { public: isPublic, ...given });
        const made = await createClient(deps, by, ofKind, isPublic, { ...NO_SETTINGS, ...asSettings(given) });
        return { client_id: made.clientId, client_secret: made.clientSecret };
      },
    }),
    operation({
      id: 'getApp',
      method: 'GET',
      path: '/clients/{client_id}',
      tag,
      scope,
      summary: 'One app',
      params: ofClient,
      result: client,
      refusals: ['not_found'],
      example: { params: { client_id: EXAMPLE.client }, result: WIKI },
      handle: async ({ params }) => asJson(await find(params.client_id)),
    }),
    operation({
      id: 'changeApp',
      method: 'PATCH',
      path: '/clients/{client_id}',
      tag,
      scope,
      summary: 'Change an app',
      description: 'What isn’t sent stays as it is.',
      params: ofClient,
      body: z.strictObject(settings).partial(),
      result: client,
      refusals: ['not_found', 'invalid_input'],
      example: {
        params: { client_id: EXAMPLE.client },
        body: { acr: 'phr' },
        result: { ...WIKI, acr: 'phr' },
      },
      async handle({ by, params, body }) {
        const found = await find(params.client_id);
        if (found.kind === 'api') throw new Refusal('malformed_request', { problems: [API_BY_PEOPLE] });
        assertFits(found.kind, body);
        await changeClient(deps, by, params.client_id, asSettings(body));
        return asJson(await find(params.client_id));
      },
    }),
    operation({
      id: 'rotateAppSecret',
      method: 'POST',
      path: '/clients/{client_id}/secret',
      tag,
      scope,
      summary: 'Make a new secret for an app',
      description: 'The old one is dead at once. The new one is in this answer and in none after it.',
      params: ofClient,
      status: 201,
      result: z.object({ client_id: id, client_secret: z.string() }),
      refusals: ['not_found', 'conflict'],
      example: {
        params: { client_id: EXAMPLE.client },
        result: { client_id: EXAMPLE.client, client_secret: 'b3BlbiBzZXNhbWUgYnV0IG9ubHkgb25jZSBmb3IgeW91' },
      },
      async handle({ by, params }) {
        const found = await find(params.client_id);
        if (found.kind === 'api') throw new Refusal('malformed_request', { problems: [API_BY_PEOPLE] });
        return { client_id: found.id, client_secret: await rotateSecret(deps, by, found.id) };
      },
    }),
    operation({
      id: 'removeApp',
      method: 'DELETE',
      path: '/clients/{client_id}',
      tag,
      scope,
      summary: 'Remove an app',
      description: 'Its consents and tokens go with it.',
      params: ofClient,
      refusals: ['not_found'],
      example: { params: { client_id: EXAMPLE.client } },
      handle: ({ by, params }) => removeClient(deps, by, params.client_id),
    }),
  ];
}

const API_BY_PEOPLE = { at: 'body.kind', message: 'Programs of this API are registered in the Dashboard.' };

/** What apps of one kind have, and no others. */
const ONLY_OF: Readonly<Record<string, ClientKind>> = {
  public: 'oidc',
  redirect_uris: 'oidc',
  post_logout_redirect_uris: 'oidc',
  backchannel_logout_uri: 'oidc',
  origin: 'forward-auth',
  scopes: 'api',
};

/**
 * A field of another kind would be taken and forgotten, so it is refused (R71); one that holds nothing says nothing, and
 * stands in what is answered. @throws {Refusal} malformed_request
 */
function assertFits(kind: ClientKind, given: Readonly<Record<string, unknown>>): void {
  const problems = Object.entries(ONLY_OF)
    .filter(([field, only]) => only !== kind && holdsSomething(given[field]))
    .map(([field, only]) => ({ at: `body.${field}`, message: `Only apps of kind ${only} have this.` }));
  if (problems.length > 0) throw new Refusal('malformed_request', { problems });
}

const holdsSomething = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : Boolean(value);

function asJson(one: Client): z.infer<typeof client> {
  return {
    id: one.id,
    kind: one.kind,
    public: one.isPublic,
    created_at: asInstant(one.createdAt),
    secret_changed_at: asInstant(one.secretChangedAt),
    name: one.name,
    description: one.description,
    home_url: one.homeUrl,
    redirect_uris: [...one.redirectUris],
    post_logout_redirect_uris: [...one.postLogoutRedirectUris],
    backchannel_logout_uri: one.backchannelLogoutUri,
    origin: one.origin,
    acr: one.acr,
    scopes: [...one.scopes],
    group_ids: [...one.groupIds],
  };
}

const FIELDS = {
  name: 'name',
  description: 'description',
  home_url: 'homeUrl',
  redirect_uris: 'redirectUris',
  post_logout_redirect_uris: 'postLogoutRedirectUris',
  backchannel_logout_uri: 'backchannelLogoutUri',
  origin: 'origin',
  acr: 'acr',
  scopes: 'scopes',
  group_ids: 'groupIds',
} as const satisfies Record<keyof typeof settings, keyof ClientSettings>;

/** Only what was sent. */
function asSettings(given: Readonly<Record<string, unknown>>): Partial<ClientSettings> {
  const sent = Object.entries(FIELDS).filter(([field]) => given[field] !== undefined);
  return Object.fromEntries(sent.map(([field, name]) => [name, given[field]]));
}
