import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres, prepared } from '../database/prepared.ts';
import type { ClientTable } from '../database/tables/client.ts';
import type { ApiScope, Client, ClientSettings } from './client.ts';

type Row = Selectable<ClientTable>;

const byId = prepared<{ id: string }>()((db, { id }) =>
  db.selectFrom('client').selectAll().where('id', '=', id).where('removed_at', 'is', null),
);
const byOrigin = prepared<{ origin: string }>()((db, { origin }) =>
  db.selectFrom('client').selectAll().where('origin', '=', origin).where('kind', '=', 'forward-auth'),
);
const groupsById = prepared<{ id: string }>()((db, { id }) =>
  db.selectFrom('client_group').select('group_id').where('client_id', '=', id).orderBy('group_id'),
);

/** An id as anybody may send it: PostgreSQL takes no NUL in a text, and no id of ours holds one. */
async function findRow(db: Db, id: string): Promise<Row | undefined> {
  return id.includes('\0') ? undefined : (await byId(db, { id }))[0];
}

export async function findClient(db: Db, id: string): Promise<Client | null> {
  return withGroups(db, await findRow(db, id));
}

/** The same, and it stays as it is until this transaction ends. */
export async function lockClient(tx: Tx, id: string): Promise<Client | null> {
  const query = tx.selectFrom('client').select('id').where('id', '=', id);
  await (isPostgres(tx) ? query.forNoKeyUpdate() : query).execute();
  // Read behind the lock: with it would come the row, and not the groups, of after the wait.
  return findClient(tx, id);
}

/** `origin` as `new URL(…).origin` writes it. */
export async function findClientByOrigin(db: Db, origin: string): Promise<Client | null> {
  return withGroups(db, (await byOrigin(db, { origin }))[0]);
}

async function withGroups(db: Db, row: Row | undefined): Promise<Client | null> {
  if (!row) return null;
  const groups = await groupsById(db, { id: row.id });
  return asClient(
    row,
    groups.map(({ group_id }) => group_id),
  );
}

/** By name. */
export async function listClients(db: Db): Promise<Client[]> {
  const query = db.selectFrom('client').selectAll().where('removed_at', 'is', null);
  const rows = await query.orderBy('name').orderBy('id').execute();
  const audiences = await db.selectFrom('client_group').selectAll().orderBy('group_id').execute();
  return rows.map((row) =>
    asClient(
      row,
      audiences.filter(({ client_id }) => client_id === row.id).map(({ group_id }) => group_id),
    ),
  );
}

/** True of the row of `client` at hand where it names no group, or one of this account's. */
export function letsIn(accountId: RawBuilder<string>) {
  return sql<boolean>`(
    not exists (select 1 from client_group where client_group.client_id = client.id)
    or exists (select 1 from client_group
      join group_member on group_member.group_id = client_group.group_id
      where client_group.client_id = client.id and group_member.account_id = ${accountId}))`;
}

const entry = prepared<{ clientId: string; accountId: string }>()((db, { clientId, accountId }) =>
  db
    .selectFrom('client')
    .select('id')
    .where('id', '=', clientId)
    .where('removed_at', 'is', null)
    .where(letsIn(sql`${accountId}`)),
);

/** Asked of the database each time, so that whoever leaves a group is out at once (R66). */
export async function mayEnter(db: Db, clientId: string, accountId: string): Promise<boolean> {
  return (await entry(db, { clientId, accountId })).length > 0;
}

/** All that this account may enter, by name. */
export async function listClientsFor(db: Db, accountId: string): Promise<Omit<Client, 'groupIds'>[]> {
  const query = db.selectFrom('client').selectAll().where('removed_at', 'is', null);
  const rows = await query
    .where(letsIn(sql`${accountId}`))
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map((row) => asClient(row, []));
}

export type ClientWithSecret = Omit<Client, 'groupIds'> & {
  /** SHA-256; null for a public client. */
  readonly secretHash: string | null;
};

/** What every request of an app begins with, in one select. */
export async function findClientWithSecret(db: Db, id: string): Promise<ClientWithSecret | null> {
  const row = await findRow(db, id);
  return row ? { ...asClient(row, []), secretHash: row.secret_hash } : null;
}

export async function insertClient(
  tx: Tx,
  client: { id: string; kind: Row['kind']; secretHash: string | null; now: number } & ClientSettings,
): Promise<void> {
  const { id, kind, secretHash, now } = client;
  await tx
    .insertInto('client')
    .values({
      id,
      kind,
      secret_hash: secretHash,
      created_at: now,
      secret_changed_at: secretHash === null ? null : now,
      ...columns(client),
    })
    .execute();
  await putAudience(tx, id, client.groupIds);
}

export async function updateClient(tx: Tx, id: string, settings: ClientSettings): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('client')
    .set(columns(settings))
    .where('id', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await putAudience(tx, id, settings.groupIds);
  return true;
}

/** Everybody who is signed in at a protected host is so no more: whatever of it their browsers still hold opens nothing. */
export async function endAtHost(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('forward_auth_session').where('client_id', '=', id).execute();
}

/** The old secret is dead at once. */
export async function putSecretHash(tx: Tx, id: string, secretHash: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('client')
    .set({ secret_hash: secretHash, secret_changed_at: now })
    .where('id', '=', id)
    .where('secret_hash', 'is not', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** What an app was given: it goes with the app. */
export const GIVEN = [
  { table: 'oidc_token', key: 'hash' },
  { table: 'oidc_grant', key: 'id' },
  { table: 'app_consent', key: 'account_id' },
  { table: 'session_client', key: 'session_id' },
  { table: 'oidc_interaction', key: 'hash' },
  { table: 'forward_auth_session', key: 'token_hash' },
  { table: 'forward_auth_ticket', key: 'ticket_hash' },
] as const;

/** Of each so much goes at once; for more, everybody would have to wait on SQLite, and PostgreSQL would give up. */
const MOST_AT_ONCE = 500;

/** -> false where there is none. Of one that was given much, nobody finds anything from now on; upkeep takes it away. */
export async function deleteClient(tx: Tx, id: string, now: number): Promise<boolean> {
  for (const { table } of GIVEN) {
    const given = tx.selectFrom(table).select('client_id').where('client_id', '=', id);
    if (await given.limit(1).offset(MOST_AT_ONCE).executeTakeFirst()) return markRemoved(tx, id, now);
  }
  const { numDeletedRows } = await tx.deleteFrom('client').where('id', '=', id).executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Good for nothing, also to an instance of the version before, which does not know that it is removed (R84). */
const NOTHING = {
  origin: null,
  home_url: null,
  redirect_uris: '[]',
  post_logout_redirect_uris: '[]',
  backchannel_logout_uri: null,
  secret_hash: null,
  scopes: '',
  two_factor_from_at: null,
};

async function markRemoved(tx: Tx, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('client')
    .set({ ...NOTHING, removed_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  await tx.deleteFrom('client_group').where('client_id', '=', id).execute();
  return numUpdatedRows === 1n;
}

async function putAudience(tx: Tx, clientId: string, groupIds: readonly string[]): Promise<void> {
  await tx.deleteFrom('client_group').where('client_id', '=', clientId).execute();
  if (groupIds.length === 0) return;
  const rows = [...new Set(groupIds)].map((group_id) => ({ client_id: clientId, group_id }));
  await tx.insertInto('client_group').values(rows).execute();
}

function columns(settings: ClientSettings) {
  return {
    name: settings.name,
    description: settings.description,
    home_url: settings.homeUrl,
    redirect_uris: JSON.stringify(settings.redirectUris),
    post_logout_redirect_uris: JSON.stringify(settings.postLogoutRedirectUris),
    backchannel_logout_uri: settings.backchannelLogoutUri,
    origin: settings.origin,
    acr: settings.acr,
    scopes: settings.scopes.join(' '),
  };
}

function asClient(row: Row, groupIds: readonly string[]): Client {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    description: row.description,
    homeUrl: row.home_url,
    isPublic: row.secret_hash === null,
    redirectUris: JSON.parse(row.redirect_uris) as string[],
    postLogoutRedirectUris: JSON.parse(row.post_logout_redirect_uris) as string[],
    backchannelLogoutUri: row.backchannel_logout_uri,
    origin: row.origin,
    acr: row.acr,
    twoFactorFromAt: row.two_factor_from_at,
    scopes: row.scopes.split(' ').filter((scope) => scope !== '') as ApiScope[],
    groupIds,
    createdAt: row.created_at,
    secretChangedAt: row.secret_changed_at,
  };
}
