import { KeyFileClosed } from '../database/key-file.ts';
import type { Deps } from '../deps.ts';
import { type KeyUse, keyUses } from '../keys/key-use.ts';
import { retireKey } from '../keys/retire-key.ts';
import { RingRefused, rotateKeys } from '../keys/rotate-keys.ts';
import { counted } from '../kit/counted.ts';
import { listSigningKeys, rotateSigningKeys } from '../oidc/signing-keys.ts';
import { type Call, type Command, CommandRefused } from './command.ts';
import { withDeps } from './open.ts';

export const keyCommands: readonly Command[] = [
  {
    name: 'keys rotate',
    takes: '[--at-once]',
    does: 'makes a new key for secrets and tokens; running servers pick it up and re-seal the older secrets; --at-once: the old one may be stolen, so tokens are signed with the new one from now on',
    options: { 'at-once': { type: 'boolean' } },
    run: rotate,
  },
  {
    name: 'keys list',
    takes: '',
    does: 'names, ages and use of the keys, never the keys themselves',
    run: list,
  },
  {
    name: 'keys retire',
    takes: 'ID',
    does: 'takes a key that nothing is sealed with any more out of the ring; older backups may still need it',
    operands: ['ID'],
    run: retire,
  },
];

async function rotate(call: Call): Promise<void> {
  const done = await withDeps(call, (deps) =>
    explained(deps, async () => {
      const { active, previous } = await rotateKeys(deps, 'operator');
      const signing_keys = await rotateSigningKeys(deps, { atOnce: call.flag('at-once') });
      return { active, previous, signing_keys };
    }),
  );
  const signs = call.flag('at-once') ? 'from now on' : 'a day from now';
  await call.print(
    `New secrets are sealed with "${done.active}". "${done.previous}" opens what is still sealed with it; running servers ` +
      `re-seal that, and \`keys list\` shows how far they are.\nTokens are signed with new keys ${signs}.`,
    done,
  );
}

async function list(call: Call): Promise<void> {
  const { uses, signing } = await withDeps(call, async (deps) => ({
    uses: await keyUses(deps),
    signing: await listSigningKeys(deps),
  }));
  for (const { id, state, active_at, rows, records } of uses) {
    const value = { id, purpose: 'secrets', state, active_at, rows, records };
    const words = [WORDS[state], since(active_at), counted(rows, 'secret'), counted(records, 'record')];
    await call.print(`${id.padEnd(12)}  ${words.filter(Boolean).join(', ')}`, value);
  }
  for (const { id, alg, state, active_at } of signing) {
    const value = { id, purpose: `tokens ${alg}`, state, active_at };
    await call.print(`${id.padEnd(12)}  tokens ${alg}: ${state}, ${since(active_at)}`, value);
  }
}

const WORDS: Readonly<Record<KeyUse['state'], string>> = {
  active: 'active',
  opening: 'opens what is not re-sealed yet',
  records: 'needed to check records, for nothing else',
  unused: 'unused: may be retired',
  retired: 'retired',
  missing: 'MISSING from the ring',
};

const since = (at: number | null): string => (at === null ? '' : `from ${new Date(at).toISOString()}`);

async function retire(call: Call): Promise<void> {
  const id = call.operands[0] as string;
  await withDeps(call, (deps) => explained(deps, () => retireKey(deps, id, 'operator')));
  await call.print(
    `The key "${id}" is no longer in the ring. Backups that were made with it still need it.`,
    {
      id,
      state: 'retired',
    },
  );
}

async function explained<T>({ config }: Deps, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RingRefused) throw new CommandRefused(error.code, error.message);
    if (!(error instanceof KeyFileClosed)) throw error;
    throw new CommandRefused(
      'keys_file_closed',
      `${config.keysFile} cannot be replaced from here (${error.message}), so the key ring is unchanged. Where it is ` +
        'mounted read-only, change it at its source: add a key of 32 random bytes in base64 to "keys", behind the others ' +
        'and under a new name, and when every instance has that file make it the "active" one; servers notice by themselves.',
    );
  }
}
