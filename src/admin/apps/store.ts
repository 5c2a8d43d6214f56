import type { Db } from '../../database/open.ts';

/**
 * When each app was last used, as far as it is known: the last sign-in of an app of OpenID Connect, the last page of a
 * protected host that somebody is signed in at. -> by the app's id, epoch milliseconds
 */
export async function lastUses(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('client')
    .select('client.id')
    .select((eb) => [
      eb
        .selectFrom('app_consent')
        .select((of) => of.fn.max('app_consent.last_used_at').as('at'))
        .whereRef('app_consent.client_id', '=', 'client.id')
        .as('signed_in_at'),
      eb
        .selectFrom('forward_auth_session')
        .select((of) => of.fn.max('forward_auth_session.last_used_at').as('at'))
        .whereRef('forward_auth_session.client_id', '=', 'client.id')
        .as('present_at'),
    ])
    .execute();
  const known = rows.map(({ id, signed_in_at, present_at }) => [id, signed_in_at ?? present_at] as const);
  return new Map(known.filter((pair): pair is readonly [string, number] => pair[1] !== null));
}
