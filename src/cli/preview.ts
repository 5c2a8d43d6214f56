import { countStopped, listStopped, type StoppedPerson } from '../policy/stopped-store.ts';
import type { Call } from './command.ts';
import { namedGroup } from './named-group.ts';
import { withDeps } from './open.ts';

const PAGE = 500;

/** `rules preview`: the numbers in one line, then a line for each of them, of however many. */
export async function previewRules(call: Call): Promise<void> {
  await withDeps(call, async (deps) => {
    const { db } = deps.database;
    const groupId = (await namedGroup(deps, call))?.id ?? null;
    const now = deps.clock.now();
    const moment = { now, idleSince: now - deps.config.lifetimes.sessionIdle };
    const { total, signedIn, neverSignedIn, administrators } = await countStopped(db, groupId, moment);
    await call.print(
      `${total} without a second factor: ${signedIn} signed in now, ${neverSignedIn} never signed in, ${administrators} administrators`,
      { stopped: total, signed_in: signedIn, never_signed_in: neverSignedIn, administrators },
    );
    for (let after: string | null = ''; after !== null; ) {
      const { people, next } = await listStopped(db, groupId, { after, count: PAGE, moment });
      for (const person of people) await call.print(lineOf(person), asJson(person));
      after = next;
    }
  });
}

function lineOf({ email, name, roles, signedIn, neverSignedIn }: StoppedPerson): string {
  const states = [
    ...(signedIn ? ['signed in now'] : []),
    ...(neverSignedIn ? ['never signed in'] : []),
    ...roles.split(' ').filter(Boolean),
  ];
  return `${email}  ${name}${states.length > 0 ? `  (${states.join(', ')})` : ''}`;
}

function asJson({ id, email, name, roles, signedIn, neverSignedIn }: StoppedPerson) {
  const administrator = roles.split(' ').includes('admin');
  return { id, email, name, signed_in: signedIn, never_signed_in: neverSignedIn, administrator };
}
