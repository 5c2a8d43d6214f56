import { instant, type OwnData } from '../accounts/own-data.ts';

/** What the person has allowed which app. */
export const appData: OwnData = {
  name: 'connected_apps',
  async read({ database }, { id }) {
    const rows = await database.db
      .selectFrom('app_consent')
      .innerJoin('client', 'client.id', 'app_consent.client_id')
      .select(['client.name', 'app_consent.scope', 'app_consent.claims'])
      .select(['app_consent.created_at', 'app_consent.last_used_at'])
      .where('app_consent.account_id', '=', id)
      .where('client.removed_at', 'is', null)
      .orderBy('app_consent.created_at')
      .execute();
    return rows.map(({ name, scope, claims, created_at, last_used_at }) => ({
      name,
      allowed: [...scope.split(' '), ...claims.split(' ')].filter((one) => one !== ''),
      since: instant(created_at),
      last_used_at: instant(last_used_at),
    }));
  },
};
