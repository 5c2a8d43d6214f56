import type { Account } from '../accounts/account.ts';
import type { By } from '../audit/by.ts';
import type { Tx } from '../database/open.ts';
import { addMember, createGroup, removeMember } from '../groups/change-groups.ts';
import { type Group, listCountedGroups } from '../groups/store.ts';
import type { Call, Command } from './command.ts';
import { byOperator, findByEmail } from './find-account.ts';
import { findGroupByName } from './find-group.ts';
import { withDeps } from './open.ts';

export const groupCommands: readonly Command[] = [
  { name: 'group create', takes: 'G', does: 'makes a group', operands: ['G'], run: create },
  {
    name: 'group add',
    takes: 'G E…',
    does: 'adds people to a group, all of them or nobody',
    operands: ['G', 'E…'],
    run: (call) => change(call, 'add'),
  },
  {
    name: 'group remove',
    takes: 'G E…',
    does: 'removes people from a group, all of them or nobody',
    operands: ['G', 'E…'],
    run: (call) => change(call, 'remove'),
  },
  { name: 'group list', takes: '', does: 'one line for each group, with how many belong to it', run: list },
];

async function create(call: Call): Promise<void> {
  await withDeps(call, async (deps) => {
    const { id, name } = await createGroup(deps, byOperator(deps), call.operands[0] as string);
    await call.print(`The group "${name}" was created.`, { id, name });
  });
}

type Change = (tx: Tx, by: By, group: Group, account: Account) => Promise<boolean>;

const CHANGES = {
  add: { change: addMember as Change, done: 'Added to', before: 'Already in it', key: 'added' },
  remove: { change: removeMember as Change, done: 'Removed from', before: 'Not in it', key: 'removed' },
};

/** One address that there is not, and nothing is changed. */
async function change(call: Call, what: keyof typeof CHANGES): Promise<void> {
  const { change, done, before, key } = CHANGES[what];
  const [name = '', ...emails] = call.operands;
  await withDeps(call, async (deps) => {
    const by = byOperator(deps);
    const { group, changed, unchanged } = await deps.database.transaction(async (tx) => {
      const group = await findGroupByName(tx, name);
      const told = { group, changed: [] as string[], unchanged: [] as string[] };
      for (const email of emails) {
        const account = await findByEmail(tx, email);
        told[(await change(tx, by, group, account)) ? 'changed' : 'unchanged'].push(account.email);
      }
      return told;
    });
    const lines = [
      changed.length > 0 && `${done} "${group.name}": ${changed.join(', ')}`,
      unchanged.length > 0 && `${before}: ${unchanged.join(', ')}`,
    ].filter((line) => line !== false);
    const { id } = group;
    await call.print(lines.join('\n'), { id, name: group.name, [key]: changed, unchanged });
  });
}

async function list(call: Call): Promise<void> {
  await withDeps(call, async ({ database }) => {
    for (const { id, name, members } of await listCountedGroups(database.db)) {
      await call.print(`${name}  (${members})`, { id, name, members });
    }
  });
}
