import type { Action } from './action.ts';
import { outsideActions } from './outside-actions.ts';
import { keyCareActions, securityActions } from './security-actions.ts';
import { keyActions, signInActions } from './sign-in-actions.ts';
import type { Walked } from './walk.ts';
import type { Walker } from './walker.ts';
import type { B, Who } from './world.ts';

/** Everything that these people can do in these browsers, and what happens to them. */
export function everything(browsers: readonly B[], people: readonly Who[]): Action[] {
  return [
    ...browsers.flatMap((b) => [...signInActions(b, people), ...securityActions(b)]),
    ...outsideActions(browsers, people),
  ];
}

/** The same, with keys, passkeys and trust for Ann. */
export function withKeys(browsers: readonly B[], people: readonly Who[]): Action[] {
  return [
    ...everything(browsers, people),
    ...browsers.flatMap((b) => [...keyActions(b, 'ann'), ...keyCareActions(b)]),
  ];
}

/** For sequences: 25 of them, the second browser and the second person as those who get in between. */
const IN_SEQUENCES = [
  "0 types ann's password",
  '0 types a wrong password for ann',
  "0 types ann's right app code",
  "0 types ann's replayed app code",
  "0 types ann's wrong app code",
  "0 types ann's recovery code",
  "0 types ann's recovery code twice",
  '0 cancels the sign-in',
  '0 signs out',
  "0 asks for a new app's secret",
  '0 confirms the new app rightly',
  '0 confirms the new app wrongly',
  '0 switches 2FA off with the password',
  '0 makes new recovery codes',
  '0 changes the password',
  '0 confirms with the password',
  '0 confirms with a right app code',
  '0 confirms with a replayed app code',
  '0 is sent by an app that asks for mfa',
  "0 types bob's password",
  "1 types ann's password",
  "1 types ann's right app code",
  "ann's password is reset by mail",
  "ann's factors are reset by the operator",
  '61 minutes pass',
];

export function forSequences(): Action[] {
  const all = everything([0, 1], ['ann', 'bob']);
  return IN_SEQUENCES.map((name) => {
    const action = all.find((one) => one.name === name);
    if (!action) throw new Error(`nobody does this: ${name}`);
    return action;
  });
}

/** Ann has an app, and nobody is signed in: where most sequences would only get to at their end. */
export async function enrolAnn(walker: Walker): Promise<void> {
  const all = everything([0], ['ann']);
  for (const name of [
    "0 types ann's password",
    "0 asks for a new app's secret",
    '0 confirms the new app rightly',
    '0 signs out',
  ])
    await all.find((one) => one.name === name)?.do(walker);
  if (walker.world.accounts.ann.secret === null) throw new Error('Ann has no app');
}

/** A line for the table of a run. */
export function line(name: string, { states, transitions, depth, complete, seconds, complaints }: Walked) {
  const rows = { states, transitions, depth, fixpoint: complete, seconds: Math.round(seconds) };
  return { walk: name, ...rows, complaints: complaints.length };
}
