import { peopleOf } from '../policy/rules-of-apps.ts';
import { countStopped, listStopped, type StoppedPerson } from '../policy/stopped-store.ts';
import type { Call } from './command.ts';
import { assertOneWhom, namedClient, namedGroup } from './named-whom.ts';
import { withDeps } from './open.ts';

const PAGE = 500;

/** `rules preview`: the numbers in one line, then a line for each of them, of however many. */
export async function previewRules(call: Call): Promise<void> {
  assertOneWhom(call);
  await withDeps(call, async (deps) => {
    const { db } = deps.database;
    const client = await namedClient(deps, call);
    const people = client ? peopleOf(client) : ((await namedGroup(deps, call))?.id ?? null);
    const now = deps.clock.now();
    const moment = { now, idleSince: now - deps.config.lifetimes.sessionIdle };
    const { total, signedIn, neverSignedIn, administrators } = await countStopped(db, people, moment);
    await call.print(
      `${total} without a second factor: ${signedIn} signed in now, ${neverSignedIn} never signed in, ${administrators} administrators`,
      { stopped: total, signed_in: signedIn, never_signed_in: neverSignedIn, administrators },
    );
    for (let after: string | null = ''; after !== null; ) {
      const found = await listStopped(db, people, { after, count: PAGE, moment });
      for (const person of found.people) await call.print(lineOf(person), asJson(person));
      after = found.next;
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
