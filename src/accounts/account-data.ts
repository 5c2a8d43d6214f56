import { rolesOf } from './account.ts';
import { instant, type OwnData } from './own-data.ts';
import { listAddresses } from './store.ts';

export const accountData: OwnData = {
  name: 'account',
  async read({ database }, account) {
    const addresses = await listAddresses(database.db, account.id);
    return {
      id: account.id,
      /** Under which the records know the person. */
      record_id: account.pseudonym,
      name: account.name,
      email: account.email,
      addresses: addresses.map(({ address, kind, proven_at, created_at }) => ({
        address,
        kind,
        proven_at: instant(proven_at),
        added_at: instant(created_at),
      })),
      roles: rolesOf(account),
      language: account.locale,
      time_zone: account.time_zone,
      has_password: account.password_hash !== null,
      two_factor_since: instant(account.two_factor_at),
      changes_paused_until: instant(account.frozen_until_at),
      created_at: instant(account.created_at),
    };
  },
};

/** What the person once wrote when everything was lost. */
export const recoveryData: OwnData = {
  name: 'recovery_requests',
  async read({ database }, { id }) {
    const rows = await database.db
      .selectFrom('recovery_request')
      .selectAll()
      .where('account_id', '=', id)
      .orderBy('created_at')
      .execute();
    return rows.map(({ reason, network, browser, created_at, cancelled_at, approved_at, refused_at }) => ({
      reason,
      network,
      browser,
      created_at: instant(created_at),
      cancelled_at: instant(cancelled_at),
      approved_at: instant(approved_at),
      refused_at: instant(refused_at),
    }));
  },
};
