/**
 * The rooms of the core, one run of Stryker each, and the tests that judge each. A mutant is run against every test that
 * reaches it until one fails: so only those that are about the room, and of those no slow ones.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/factors': [
    'src/factors/*.test.ts',
    'test/attacks/{answer-leaves,changed-meanwhile,comings-and-goings,exact-factors,factor-changes-leave}.test.ts',
    'test/attacks/{guess-budget,guess-limits,own-security,replay,security-keys,sessions-end}.test.ts',
    'test/attacks/{step-up,step-up-doors}.test.ts',
    'test/journeys/{accepted-methods,accounts-enrol,admin-person,admin-person-limits,admin-person-sign-in}.test.ts',
    'test/journeys/{apps-asked,check-up,leaving,overview}.test.ts',
    'test/journeys/{recovery,recovery-approved,recovery-called-off,recovery-codes,recovery-pass}.test.ts',
    'test/journeys/{second-step,second-step-help,second-step-page,what-works-here}.test.ts',
  ],
  'src/factors/recovery-codes': [
    'src/factors/recovery-codes/*.test.ts',
    'test/attacks/{changed-meanwhile,recovery-codes}.test.ts',
    'test/journeys/{check-up,recovery-codes,second-step}.test.ts',
  ],
  'src/factors/sms': [
    'src/factors/sms/*.test.ts',
    'test/attacks/{comings-and-goings,how-many-texts,phone-numbers,sick-gateway,text-budget}.test.ts',
    'test/attacks/text-messages.test.ts',
    'test/journeys/{accepted-methods,text-messages,text-messages-asked,what-works-here}.test.ts',
  ],
  'src/factors/totp': [
    'src/factors/totp/*.test.ts',
    'test/attacks/replay.test.ts',
    'test/journeys/{accepted-methods,apps-asked,second-step,second-step-help}.test.ts',
  ],
  'src/factors/webauthn': [
    'src/factors/webauthn/**/*.test.ts',
    'test/attacks/{comings-and-goings,exact-keys,exact-models,key-answers,key-models,makers-word}.test.ts',
    'test/attacks/{model-downloads,passkey-leaves,security-keys}.test.ts',
    'test/journeys/security-keys.test.ts',
  ],
  'src/sessions': [
    'test/attacks/{answers-to-the-second-step,at-once,comings-and-goings,complete,complete-leaves}.test.ts',
    'test/attacks/{cookies-brought-along,groups-meanwhile,half-signed-in,own-security,pending-ends}.test.ts',
    'test/attacks/{guess-budget,passkey-leaves,rule-doors,sessions-end,step-up,step-up-doors,step-up-leaves}.test.ts',
    'src/oidc/rules.test.ts',
    'test/journeys/{accepted-methods,activity,admin-apps,security-keys,what-works-here}.test.ts',
    'test/journeys/{accounts-enrol,new-browser,profile-sessions,sign-in-ended,trusted-browsers,two-factor-rules}.test.ts',
  ],
  'src/sign-in': [
    'test/attacks/{answers-alike,behind-proxies,changed-meanwhile,door-leaves,every-door,exact-doors}.test.ts',
    'test/attacks/{links-of-the-door,passkey-leaves,password-waits,passwords,reset-links}.test.ts',
    'test/attacks/{security-keys,who-makes-sessions,whose-address}.test.ts',
    'test/journeys/{accepted-methods,accounts-enrol,accounts-reset,accounts-set-up,accounts-sign-up}.test.ts',
    'test/journeys/{chosen-passwords,forgotten-passwords}.test.ts',
    'test/journeys/{form-mistakes,mails-in-the-browsers-language,second-step,second-step-help,security-keys}.test.ts',
    'test/journeys/{sign-in-ended,sign-in-values,trusted-browsers,two-factor-rules}.test.ts',
  ],
  'src/throttle': [
    'src/throttle/*.test.ts',
    'test/attacks/{answer-leaves,brake,guess-budget,guess-limits,guess-model,text-budget}.test.ts',
    'test/journeys/{overview,text-messages}.test.ts',
  ],
};

export interface Run {
  readonly room: string;
  readonly patterns: readonly string[];
}

/** All rooms, or those of the files named: `src/sessions/complete.ts,src/sign-in/set-up.ts:10-20`. */
export function runsOf(named: string | undefined): readonly Run[] {
  if (named === undefined) return Object.keys(ROOMS).map((room) => ({ room, patterns: patternsOf(room) }));
  const runs = new Map<string, string[]>();
  for (const pattern of named.split(',')) {
    const room = roomOf(pattern);
    if (room === null) throw new Error(`${pattern} lies in none of ${Object.keys(ROOMS).join(', ')}`);
    runs.set(room, [...(runs.get(room) ?? []), pattern]);
  }
  return [...runs].map(([room, patterns]) => ({ room, patterns }));
}

/** The innermost that a file, or a pattern of files, lies in. */
function roomOf(pattern: string): string | null {
  const around = Object.keys(ROOMS).filter((room) => pattern === room || pattern.startsWith(`${room}/`));
  return around.sort((left, right) => right.length - left.length)[0] ?? null;
}

/** Words, pages and routes are for journeys to judge: what mutates there is mostly how something looks. */
function patternsOf(room: string): readonly string[] {
  const inner = Object.keys(ROOMS).filter((other) => other.startsWith(`${room}/`));
  return [
    `${room}/**/*.ts`,
    ...inner.map((other) => `!${other}/**`),
    `!${room}/**/*.test.ts`,
    `!${room}/**/*{words,pages,routes}*.ts`,
  ];
}
