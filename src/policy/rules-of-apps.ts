import type { Client } from '../clients/client.ts';
import { findClient, listClients } from '../clients/store.ts';
import type { Db, Tx } from '../database/open.ts';
import { Refusal } from '../kit/refusal.ts';
import type { People } from './stopped-store.ts';

// A rule about one app: from an instant on nobody opens it without a second factor. It stops nobody anywhere else.

export interface ClientRule {
  readonly client: { readonly id: string; readonly name: string };
  /** Who may open it, and so is concerned. */
  readonly people: People;
  /** Epoch milliseconds; what lies ahead is not in force yet. */
  readonly required_from_at: number;
}

/** By the apps' names. */
export async function listClientRules(db: Db): Promise<ClientRule[]> {
  return (await listClients(db)).flatMap(({ id, name, groupIds, twoFactorFromAt }) =>
    twoFactorFromAt === null
      ? []
      : { client: { id, name }, people: peopleOf({ groupIds }), required_from_at: twoFactorFromAt },
  );
}

/** An app that people sign in to; programs have nobody to ask. @throws {Refusal} not_found */
export async function findRuledClient(db: Db, id: string): Promise<Client> {
  const client = await findClient(db, id);
  if (!client || client.kind === 'api') throw new Refusal('not_found');
  return client;
}

/** Who may open it, and so is concerned. */
export function peopleOf({ groupIds }: Pick<Client, 'groupIds'>): People {
  return groupIds.length > 1 ? groupIds : (groupIds[0] ?? null);
}

/** `at` null: none any more. -> false where there is no such app */
export async function putClientRule(tx: Tx, id: string, at: number | null): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('client')
    .set({ two_factor_from_at: at })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
