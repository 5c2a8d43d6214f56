import type { Selectable } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import type { AppConsentTable } from '../database/tables/oidc.ts';

export type Consent = Selectable<AppConsentTable>;

export async function findConsent(db: Db, accountId: string, clientId: string): Promise<Consent | null> {
  const row = await db
    .selectFrom('app_consent')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  return row ?? null;
}

/** A later one replaces the scopes of an earlier; since when the app may, stays. */
export async function putConsent(tx: Tx, consent: Consent): Promise<void> {
  const { scope, claims, last_used_at } = consent;
  await tx
    .insertInto('app_consent')
    .values(consent)
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'client_id']).doUpdateSet({ scope, claims, last_used_at }),
    )
    .execute();
}

export async function touchConsent(tx: Tx, accountId: string, clientId: string, now: number): Promise<void> {
  await tx
    .updateTable('app_consent')
    .set({ last_used_at: now })
    .where('account_id', '=', accountId)
    .where('client_id', '=', clientId)
    .execute();
}

/** False when there was none. */
export async function deleteConsent(tx: Tx, accountId: string, clientId: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('app_consent')
    .where('account_id', '=', accountId)
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export interface ConnectedApp {
  readonly client_id: string;
  readonly name: string;
  readonly home_url: string | null;
  readonly scope: string;
  readonly claims: string;
  readonly created_at: number;
  readonly last_used_at: number;
}

/** Last used first. */
export async function listConnectedApps(db: Db, accountId: string): Promise<ConnectedApp[]> {
  return db
    .selectFrom('app_consent')
    .innerJoin('client', 'client.id', 'app_consent.client_id')
    .select([
      'app_consent.client_id',
      'client.name',
      'client.home_url',
      'app_consent.scope',
      'app_consent.claims',
      'app_consent.created_at',
      'app_consent.last_used_at',
    ])
    .where('account_id', '=', accountId)
    .where('client.removed_at', 'is', null)
    .orderBy('app_consent.last_used_at', 'desc')
    .orderBy('client.name')
    .execute();
}
