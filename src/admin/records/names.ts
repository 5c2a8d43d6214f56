import { listByPseudonym } from '../../accounts/store.ts';
import type { AuditRecord } from '../../audit/store.ts';
import { listClients } from '../../clients/store.ts';
import type { Db } from '../../database/open.ts';
import { findGroup } from '../../groups/store.ts';

/** Somebody or something that a record names. */
export interface Named {
  readonly name: string;
  /** Of a person. */
  readonly email?: string;
  /** Where there is a page about it. */
  readonly href?: string;
}

/** Pseudonym, or `client:ID` of a program, -> who that is; whoever is gone is not in it. */
export type Names = ReadonlyMap<string, Named>;

/** Who the records name. */
export async function namesIn(
  db: Db,
  records: readonly Pick<AuditRecord, 'subject' | 'actor'>[],
): Promise<Names> {
  const wanted = new Set(
    records.flatMap(({ subject, actor }) => [subject, actor].filter((one) => one !== null)),
  );
  for (const word of ['operator', 'system']) wanted.delete(word);
  const people = await listByPseudonym(db, [...wanted]);
  const names = new Map<string, Named>(
    people.map(({ pseudonym, name, email, id }) => [pseudonym, { name, email, href: `/admin/people/${id}` }]),
  );
  // Programs of the management API; of those there are few.
  if ([...wanted].some((one) => one.startsWith('client:'))) {
    for (const { id, name } of await listClients(db))
      if (wanted.has(`client:${id}`)) names.set(`client:${id}`, { name, href: `/admin/apps/${id}` });
  }
  return names;
}

/** The group or the app that a record's details name by its id. */
export async function detailNames(db: Db, { detail }: AuditRecord): Promise<ReadonlyMap<string, Named>> {
  const names = new Map<string, Named>();
  const group = typeof detail['group'] === 'string' ? await findGroup(db, detail['group']) : null;
  if (group) names.set('group', { name: group.name, href: `/admin/groups/${group.id}` });
  const client = (await listClients(db)).find(({ id }) => id === detail['client']);
  if (client) names.set('client', { name: client.name, href: `/admin/apps/${client.id}` });
  return names;
}
