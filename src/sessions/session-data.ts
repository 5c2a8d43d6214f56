import { instant, type OwnData } from '../accounts/own-data.ts';
import { listSessions } from './store.ts';

export const sessionData: OwnData = {
  name: 'sessions',
  async read({ database }, { id }) {
    const sessions = await listSessions(database.db, id);
    return sessions.map(({ network, browser, method, acr, amr, created_at, last_used_at, expires_at }) => ({
      browser,
      network,
      method,
      acr,
      amr: amr.split(' '),
      created_at: instant(created_at),
      last_used_at: instant(last_used_at),
      expires_at: instant(expires_at),
    }));
  },
};

/** Those that signed in once, and those that are asked no second step; the cookies themselves are not here. */
export const browserData: OwnData = {
  name: 'browsers',
  async read({ database: { db } }, { id }) {
    const known = await db.selectFrom('known_browser').selectAll().where('account_id', '=', id).execute();
    const trusted = await db.selectFrom('trusted_browser').selectAll().where('account_id', '=', id).execute();
    const shown = ({ browser, network, created_at, last_used_at }: (typeof known)[number]) => ({
      browser,
      network,
      created_at: instant(created_at),
      last_used_at: instant(last_used_at),
    });
    return {
      known: known.map(shown),
      trusted: trusted.map((one) => ({ ...shown(one), expires_at: instant(one.expires_at) })),
    };
  },
};
