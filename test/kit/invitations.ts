import type { House } from './house.ts';

export const PEOPLE = '/admin/people';
export const INVITE = '/admin/people/invite';
export const ANN = { email: 'ann@example.org', name: 'Ann Example', role: 'publisher' };

export function accountAt(house: House, email: string) {
  const query = house.app.database.db.selectFrom('account').selectAll().where('email', '=', email);
  return query.executeTakeFirst();
}

/** Where somebody who was invited is invited again. */
export async function againPath(house: House, email: string): Promise<string> {
  return `${PEOPLE}/${(await accountAt(house, email))?.id}/invite`;
}
