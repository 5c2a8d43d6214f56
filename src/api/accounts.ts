import { z } from 'zod';
import { type Account, rolesOf } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { readName } from '../accounts/create-account.ts';
import { findDeletion } from '../accounts/deletion-store.ts';
import { listHolds } from '../accounts/holds.ts';
import { invite } from '../accounts/invite.ts';
import { findAccount, findAccountByAddress, listAccountsAfter, listAddresses } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { codesLeft } from '../factors/recovery-codes/store.ts';
import { addMember } from '../groups/change-groups.ts';
import { findGroup, listGroupsOf } from '../groups/store.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { EXAMPLE } from './examples.ts';
import { operation } from './operation.ts';
import { asPage, pageOf, paging, readCursor } from './paging.ts';
import { asInstant, id, instant } from './shapes.ts';

const tag = 'Accounts';
const role = z.enum(['admin', 'publisher', 'member']);
export const ofAccount = z.strictObject({ account_id: id });
export const account = z
  .object({
    id,
    pseudonym: z.string().meta({ description: 'Stands for the person in the records.' }),
    email: z.string(),
    name: z.string(),
    roles: z.array(role),
    invited: z.boolean().meta({ description: 'True until the person has chosen a password.' }),
    two_factor: z.boolean(),
    suspended: z.boolean(),
    created_at: instant,
  })
  .meta({ id: 'Account' });

const detailed = account.extend({
  addresses: z.array(
    z.object({ address: z.string(), kind: z.enum(['primary', 'recovery']), proven: z.boolean() }),
  ),
  groups: z.array(z.object({ id, name: z.string() })),
  recovery_codes_left: z.int(),
  erase_at: instant.nullable().meta({ description: 'When the account will be erased, if it is to be.' }),
  holds: z
    .array(
      z.object({
        on: z.enum(['codes', 'password', 'changes']),
        from: z.enum(['network', 'browser', 'everywhere']).nullable(),
        until: instant.nullable().meta({ description: 'Null: until somebody opens them again.' }),
      }),
    )
    .meta({ description: 'What keeps the person waiting.' }),
});

export const ANN = {
  id: EXAMPLE.account,
  pseudonym: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  email: 'ann@example.org',
  name: 'Ann Example',
  roles: ['member'],
  invited: false,
  two_factor: true,
  suspended: false,
  created_at: EXAMPLE.at,
};

/** People: found, invited, looked at. */
export function accountOperations(deps: Deps) {
  const { database, clock } = deps;

  async function asDetails(found: Account): Promise<z.infer<typeof detailed>> {
    const { db } = database;
    const addresses = await listAddresses(db, found.id);
    const holds = await listHolds(db, found, clock.now());
    return {
      ...asJson(found),
      addresses: addresses.map(({ address, kind, proven_at }) => ({
        address,
        kind,
        proven: proven_at !== null,
      })),
      groups: await listGroupsOf(db, found.id),
      recovery_codes_left: (await codesLeft(db, found.id))?.left ?? 0,
      erase_at: asInstant((await findDeletion(db, found))?.erase_at ?? null),
      holds: holds.map(({ on, from = null, until }) => ({ on, from, until: asInstant(until) })),
    };
  }

  return [
    operation({
      id: 'listAccounts',
      method: 'GET',
      path: '/accounts',
      tag,
      scope: 'accounts:read',
      summary: 'People, by address',
      query: z.strictObject({
        ...paging,
        email: z.string().max(320).optional().meta({ description: 'Exactly this primary address.' }),
      }),
      result: pageOf(account),
      example: {
        query: { email: 'ann@example.org' },
        result: { data: [ANN], next_cursor: null },
      },
      async handle({ query: { limit, cursor, email } }) {
        if (email !== undefined) {
          const found = await findAccountByAddress(database.db, readAddress(email)?.key ?? email);
          return { data: found ? [asJson(found)] : [], next_cursor: null };
        }
        const rows = await listAccountsAfter(database.db, readCursor(cursor), limit + 1);
        return asPage(rows, limit, ({ address_key }) => address_key, asJson);
      },
    }),
    operation({
      id: 'inviteAccount',
      method: 'POST',
      path: '/accounts',
      tag,
      scope: 'accounts:write',
      summary: 'Invite somebody',
      description:
        'Makes an account and mails a link with which its person chooses a password; the link proves the address. ' +
        'Nobody is made an administrator by a program.',
      body: z.strictObject({
        email: z.string().min(1).max(320),
        name: z.string().min(1).max(500),
        role: z.enum(['publisher', 'member']).default('member'),
        group_ids: z.array(id).max(200).default([]),
      }),
      status: 201,
      makes: 'id',
      result: account,
      refusals: ['invalid_input', 'not_found'],
      example: {
        body: { email: 'bob@example.org', name: 'Bob Example', group_ids: [EXAMPLE.group] },
        result: { ...ANN, email: 'bob@example.org', name: 'Bob Example', invited: true, two_factor: false },
      },
      async handle({ by, body }) {
        const name = readName(body.name);
        if (name === null) throw refuseField('name', 'name_invalid');
        return database.transaction(async (tx) => {
          const invitee = { email: body.email, name, role: body.role, provenAt: null };
          const made = await invite(tx, deps, by.place, invitee, { actor: by.actor });
          for (const groupId of new Set(body.group_ids)) {
            const group = await findGroup(tx, groupId);
            if (!group) throw new Refusal('not_found');
            await addMember(tx, by, group, made.account);
          }
          return asJson(made.account);
        });
      },
    }),
    operation({
      id: 'getAccount',
      method: 'GET',
      path: '/accounts/{account_id}',
      tag,
      scope: 'accounts:read',
      summary: 'One person, with their groups',
      params: ofAccount,
      result: detailed,
      refusals: ['not_found'],
      example: {
        params: { account_id: EXAMPLE.account },
        result: {
          ...ANN,
          addresses: [{ address: 'ann@example.org', kind: 'primary', proven: true }],
          groups: [{ id: EXAMPLE.group, name: 'Staff' }],
          recovery_codes_left: 10,
          erase_at: null,
          holds: [],
        },
      },
      async handle({ params }) {
        const found = await findAccount(database.db, params.account_id);
        if (!found) throw new Refusal('not_found');
        return asDetails(found);
      },
    }),
  ];
}

export function asJson(one: Account): z.infer<typeof account> {
  return {
    id: one.id,
    pseudonym: one.pseudonym,
    email: one.email,
    name: one.name,
    roles: rolesOf(one),
    invited: one.password_hash === null,
    two_factor: one.two_factor_at !== null,
    suspended: one.suspended_at !== null,
    created_at: asInstant(one.created_at),
  };
}
