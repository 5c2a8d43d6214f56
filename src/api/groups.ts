import { z } from 'zod';
import { findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { addMember, createGroup, removeGroup, removeMember, renameGroup } from '../groups/change-groups.ts';
import { listMembersAfter } from '../groups/list-members.ts';
import { findGroup, listCountedGroups } from '../groups/store.ts';
import { Refusal } from '../kit/refusal.ts';
import { EXAMPLE } from './examples.ts';
import { operation } from './operation.ts';
import { asCursor, MAY_BE_SHORT, pageOf, paging, readCursor } from './paging.ts';
import { id } from './shapes.ts';

const tag = 'Groups';
const name = z.string().min(1).max(200).meta({ description: 'Up to 64 characters, without a comma.' });
const group = z.object({ id, name }).meta({ id: 'Group' });
const counted = z.object({ id, name, members: z.int() }).meta({ id: 'CountedGroup' });
const member = z.object({ id, name: z.string(), email: z.string() }).meta({ id: 'Member' });
const ofGroup = z.strictObject({ group_id: id });
const ofMember = z.strictObject({ group_id: id, account_id: id });

/** People whom a rule, an app or a publication names together. */
export function groupOperations(deps: Deps) {
  const { database } = deps;

  async function find(groupId: string) {
    const found = await findGroup(database.db, groupId);
    if (!found) throw new Refusal('not_found');
    return found;
  }

  async function findMember({ group_id, account_id }: z.infer<typeof ofMember>) {
    const found = await find(group_id);
    const account = await findAccount(database.db, account_id);
    if (!account) throw new Refusal('not_found');
    return { found, account };
  }

  return [
    operation({
      id: 'listGroups',
      method: 'GET',
      path: '/groups',
      tag,
      scope: 'accounts:read',
      summary: 'All groups, by name',
      result: z.object({ data: z.array(counted) }),
      example: { result: { data: [{ id: EXAMPLE.group, name: 'Staff', members: 1 }] } },
      handle: async () => ({ data: await listCountedGroups(database.db) }),
    }),
    operation({
      id: 'createGroup',
      method: 'POST',
      path: '/groups',
      tag,
      scope: 'accounts:write',
      summary: 'Make a group',
      body: z.strictObject({ name }),
      status: 201,
      makes: 'id',
      result: group,
      refusals: ['invalid_input'],
      example: { body: { name: 'Engineers' }, result: { id: EXAMPLE.group, name: 'Engineers' } },
      handle: ({ by, body }) => createGroup(deps, by, body.name),
    }),
    operation({
      id: 'renameGroup',
      method: 'PATCH',
      path: '/groups/{group_id}',
      tag,
      scope: 'accounts:write',
      summary: 'Rename a group',
      params: ofGroup,
      body: z.strictObject({ name }),
      result: group,
      refusals: ['not_found', 'invalid_input'],
      example: {
        params: { group_id: EXAMPLE.group },
        body: { name: 'Everybody' },
        result: { id: EXAMPLE.group, name: 'Everybody' },
      },
      async handle({ by, params, body }) {
        await renameGroup(deps, by, params.group_id, body.name);
        return find(params.group_id);
      },
    }),
    operation({
      id: 'removeGroup',
      method: 'DELETE',
      path: '/groups/{group_id}',
      tag,
      scope: 'accounts:write',
      summary: 'Remove a group',
      description:
        'What named it (rules, apps, publications) no longer does; its people stay. Refused while it alone may enter an app.',
      params: ofGroup,
      refusals: ['not_found', 'group_guards_app'],
      example: { params: { group_id: EXAMPLE.group } },
      handle: ({ by, params }) => removeGroup(deps, by, params.group_id),
    }),
    operation({
      id: 'listMembers',
      method: 'GET',
      path: '/groups/{group_id}/members',
      tag,
      scope: 'accounts:read',
      summary: 'Who belongs to a group, by address',
      description: MAY_BE_SHORT,
      params: ofGroup,
      query: z.strictObject(paging),
      result: pageOf(member),
      refusals: ['not_found'],
      example: {
        params: { group_id: EXAMPLE.group },
        query: { limit: '10' },
        result: {
          data: [{ id: EXAMPLE.account, name: 'Ann Example', email: 'ann@example.org' }],
          next_cursor: null,
        },
      },
      async handle({ params, query: { limit, cursor } }) {
        await find(params.group_id);
        const place = { after: readCursor(cursor), count: limit };
        const { members, next } = await listMembersAfter(database.db, params.group_id, place);
        const data = members.map(({ address_key: _key, ...shown }) => shown);
        return { data, next_cursor: asCursor(next) };
      },
    }),
    operation({
      id: 'addMember',
      method: 'PUT',
      path: '/groups/{group_id}/members/{account_id}',
      tag,
      scope: 'accounts:write',
      summary: 'Add somebody to a group',
      description:
        'Rules of the group hold for them from their next request on. Whoever belongs already, stays.',
      params: ofMember,
      refusals: ['not_found'],
      example: { params: { group_id: EXAMPLE.group, account_id: EXAMPLE.account } },
      async handle({ by, params }) {
        const { found, account } = await findMember(params);
        await database.transaction((tx) => addMember(tx, by, found, account));
      },
    }),
    operation({
      id: 'removeMember',
      method: 'DELETE',
      path: '/groups/{group_id}/members/{account_id}',
      tag,
      scope: 'accounts:write',
      summary: 'Remove somebody from a group',
      params: ofMember,
      refusals: ['not_found'],
      example: { params: { group_id: EXAMPLE.group, account_id: EXAMPLE.account } },
      async handle({ by, params }) {
        const { found, account } = await findMember(params);
        const left = await database.transaction((tx) => removeMember(tx, by, found, account));
        if (!left) throw new Refusal('not_found');
      },
    }),
  ];
}
