import { readName } from '../accounts/create-account.ts';
import type { By } from '../audit/by.ts';
import { record } from '../audit/record.ts';
import { isForeignKeyViolation } from '../database/foreign-key-violation.ts';
import type { Tx } from '../database/open.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import type { Deps } from '../deps.ts';
import { areStanding } from '../groups/store.ts';
import { tokenHash } from '../kit/encoding.ts';
import { newId, newToken } from '../kit/random.ts';
import { type FieldComplaint, Refusal, refuseField, refuseFields } from '../kit/refusal.ts';
import { isRedirectUri, isWebAddress, originOf } from './address-rules.ts';
import { type Client, type ClientKind, type ClientSettings, markOfSettings } from './client.ts';
import {
  deleteClient,
  endAtHost,
  findClient,
  insertClient,
  lockClient,
  putSecretHash,
  updateClient,
} from './store.ts';

export interface NewClient {
  readonly clientId: string;
  /** Shown once and kept nowhere; null for one that could keep none. */
  readonly clientSecret: string | null;
}

/** Of each kind; more is a mistake, and every sign-in looks through them. */
const MOST_ADDRESSES = 50;

/** A forward-auth host asks through its proxy and needs no secret of its own. @throws {Refusal} invalid_input */
export async function createClient(
  deps: Deps,
  { place, actor }: By,
  kind: ClientKind,
  isPublic: boolean,
  settings: ClientSettings,
): Promise<NewClient> {
  const checked = checkSettings(deps, kind, isPublic, settings);
  const clientId = newId(deps.random);
  const clientSecret = isPublic || kind === 'forward-auth' ? null : newToken(deps.random);
  const secretHash = clientSecret === null ? null : tokenHash(clientSecret);
  await deps.database.transaction(async (tx) => {
    await insertClient(tx, { id: clientId, kind, secretHash, now: place.now, ...checked }).catch(explain);
    await assertGroups(tx, checked);
    await record(tx, place, {
      event: 'client.created',
      subject: null,
      actor,
      detail: { client: clientId, kind },
    });
  });
  return { clientId, clientSecret };
}

/**
 * What is not in `change` stays as it is at that very moment: an app that somebody else is just closing to all but some
 * people must not open again with a new description. `seen`: the mark of the settings that were looked at, where what
 * they are instead may come too late. @throws {Refusal} not_found, invalid_input, conflict
 */
export async function changeClient(
  deps: Deps,
  { place, actor }: By,
  id: string,
  change: Partial<ClientSettings>,
  seen?: string,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const client = await lockClient(tx, id);
    if (!client) throw new Refusal('not_found');
    if (seen !== undefined && seen !== markOfSettings(client)) throw new Refusal('conflict');
    const checked = checkSettings(deps, client.kind, client.isPublic, { ...client, ...change });
    await updateClient(tx, id, checked).catch(explain);
    // Browsers go on sending the cookies of the former host there, to whoever has it by now.
    if (checked.origin !== client.origin) await endAtHost(tx, id);
    await assertGroups(tx, checked);
    await record(tx, place, { event: 'client.changed', subject: null, actor, detail: { client: id } });
  });
}

/** The old secret is dead at once. -> the new one, shown once. @throws {Refusal} not_found, conflict: a public one has none */
export async function rotateSecret(deps: Deps, { place, actor }: By, id: string): Promise<string> {
  const secret = newToken(deps.random);
  await deps.database.transaction(async (tx) => {
    if (!(await findClient(tx, id))) throw new Refusal('not_found');
    if (!(await putSecretHash(tx, id, tokenHash(secret), place.now))) throw new Refusal('conflict');
    await record(tx, place, { event: 'client.secret_rotated', subject: null, actor, detail: { client: id } });
  });
  return secret;
}

/** What was given to it (consents, tokens) goes with it. @throws {Refusal} not_found */
export async function removeClient(deps: Deps, { place, actor }: By, id: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    if (!(await deleteClient(tx, id, place.now))) throw new Refusal('not_found');
    await record(tx, place, { event: 'client.removed', subject: null, actor, detail: { client: id } });
  });
}

/** All complaints at once; -> the settings as they are kept. @throws {Refusal} invalid_input, malformed_request */
function checkSettings(
  { config }: Pick<Deps, 'config'>,
  kind: ClientKind,
  isPublic: boolean,
  settings: ClientSettings,
): ClientSettings {
  const name = readName(settings.name);
  const origin = kind === 'forward-auth' ? originOf(settings.origin ?? '') : null;
  const { redirectUris, postLogoutRedirectUris, backchannelLogoutUri, homeUrl, description } = settings;
  // PostgreSQL takes no NUL in a text, and no browser sends one.
  if (description.includes('\0')) throw new Refusal('malformed_request');
  const complaints: Record<string, FieldComplaint | null | false> = {
    name: name === null && 'name_invalid',
    description: [...description].length > 500 && 'too_long',
    home_url: homeUrl !== null && !isWebAddress(homeUrl) && 'address_invalid',
    origin: kind === 'forward-auth' && complainAboutOrigin(origin, config.baseUrl),
    redirect_uris: kind === 'oidc' && complainAboutRedirects(redirectUris, isPublic),
    post_logout_redirect_uris: kind === 'oidc' && complainAboutAddresses(postLogoutRedirectUris, isPublic),
    backchannel_logout_uri:
      kind === 'oidc' &&
      backchannelLogoutUri !== null &&
      !isWebAddress(backchannelLogoutUri) &&
      'address_invalid',
    scopes: kind === 'api' && settings.scopes.length === 0 && 'required',
  };
  const refusal = refuseFields({ name: settings.name }, complaints);
  if (Object.keys(refusal.detail.fields ?? {}).length > 0) throw refusal;
  const asked = kind === 'oidc';
  return {
    ...settings,
    name: name as string,
    origin,
    redirectUris: asked ? redirectUris : [],
    postLogoutRedirectUris: asked ? postLogoutRedirectUris : [],
    backchannelLogoutUri: asked ? backchannelLogoutUri : null,
    scopes: kind === 'api' ? settings.scopes : [],
  };
}

function complainAboutRedirects(uris: Client['redirectUris'], isPublic: boolean): FieldComplaint | null {
  return uris.length === 0 ? 'required' : complainAboutAddresses(uris, isPublic);
}

function complainAboutAddresses(uris: Client['redirectUris'], isPublic: boolean): FieldComplaint | null {
  if (uris.length > MOST_ADDRESSES) return 'too_long';
  return uris.every((uri) => isRedirectUri(uri, isPublic)) ? null : 'address_invalid';
}

/** After they were named: of one that is removed at this moment, there is a row for a while. @throws {Refusal} invalid_input */
async function assertGroups(tx: Tx, { groupIds }: ClientSettings): Promise<void> {
  if (!(await areStanding(tx, groupIds))) throw refuseField('groups', 'group_unknown');
}

/** Our own host is no app: its cookies are those of the sign-in itself. */
function complainAboutOrigin(origin: string | null, baseUrl: string): FieldComplaint | null {
  if (origin === null) return 'origin_invalid';
  return origin === baseUrl ? 'origin_taken' : null;
}

/** Of two that ask for one host at once one gets it; a group that went meanwhile must not leave the app open to everybody. */
function explain(error: unknown): never {
  if (isUniqueViolation(error)) throw refuseField('origin', 'origin_taken');
  if (isForeignKeyViolation(error)) throw refuseField('groups', 'group_unknown');
  throw error;
}
