import { DatabaseAway } from '../database/database-away.ts';
import type { Deps } from '../deps.ts';
import { json } from './answer.ts';
import { type Level, type Route, route } from './route.ts';

/** `/healthz`: the process answers. `/readyz`: and so does the database, and it is not about to stop. */
export function healthRoutes(
  { database }: Pick<Deps, 'database'>,
  isDraining: () => boolean,
  everyone: Level<null>,
): Route[] {
  return [
    route({ method: 'GET', path: '/healthz', level: everyone, handle: async () => json({ status: 'ok' }) }),
    route({
      method: 'GET',
      path: '/readyz',
      level: everyone,
      async handle() {
        if (isDraining()) return json({ status: 'draining' }, 503);
        try {
          await database.ping();
          return json({ status: 'ok' });
        } catch (error) {
          if (!(error instanceof DatabaseAway)) throw error;
          return json({ status: 'database_away' }, 503, { 'retry-after': '5' });
        }
      },
    }),
  ];
}
