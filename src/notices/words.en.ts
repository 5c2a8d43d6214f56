import { en as letters } from './letter-words.en.ts';
import { en as notices } from './notice-words.en.ts';

/** Method -> its name; `Second step` for what comes later. */
const methods: Readonly<Record<string, string>> = {
  totp: 'Authenticator app',
  sms: 'Phone',
  webauthn: 'Security key',
};

export const en = {
  notices,
  methods,
  otherMethod: 'Second step',
  /** Straight, as subjects are read and searched: `Security key "Blue" was added`. */
  quoted: (label: string) => `"${label}"`,
  terms: {
    method: 'Method',
    name: 'Name',
    replaces: 'In place of',
    ending: 'Number ending in',
    address: 'Address',
    oldAddress: 'Old address',
    newAddress: 'New address',
    remaining: 'Codes left',
    doneBy: 'Done by',
    reason: 'Reason',
    effective: 'Takes effect',
    until: 'Works until',
    time: 'Time',
    network: 'Network address',
    browser: 'Browser',
  },
  yourself: 'You',
  operator: 'The operator of this server',
  administrator: 'An administrator',
  unknownBrowser: 'Unknown browser',
  browserOn: (browser: string, system: string) => `${browser} on ${system}`,
  notMe: {
    lead: "If this wasn't you, open this page and press its button. You don't need to sign in; it works once, within 7 days. It ends the session that did this, pauses security changes for 24 hours, and suspends a second step that was added, as long as another one remains. It never turns two-factor authentication off.",
    label: "This wasn't me",
  },
  notMeLeaving: {
    lead: 'If it was not you who wanted this, open this page and press its button. It also keeps your account, and pauses security changes for 24 hours.',
    label: "This wasn't me",
  },
  changePassword: { lead: 'To be on the safe side, change your password:', label: 'Change your password' },
  removeAccess: {
    lead: 'To remove its access, now or at any other time:',
    label: 'Connected apps',
  },
  cancelRecovery: {
    lead: 'To cancel the request, open this page and press its button. You don’t need to sign in.',
    label: 'Cancel the request',
  },
  usePass: {
    lead: 'To set up a new second step, open this page. The pass works once.',
    label: 'Use the temporary pass',
  },
  keepAccount: {
    lead: 'To keep your account, open this page before that day and press its button. You don’t need to sign in.',
    label: 'Keep my account',
  },
  /** The last mail of all: there is no account any more. */
  erased: {
    subject: 'Your account was deleted',
    body: (brand: string) => [
      `Your account at ${brand} was erased as announced, with everything that belonged to it. What the records still say about it no longer names you.`,
      'This is the last mail that we send you about it.',
    ],
  },
  undoReplace: {
    lead: 'To get the old one back in place of the new one, open this page within 24 hours and press its button. It ends all your sessions.',
    label: 'Undo',
  },
  undoEmail: {
    lead: 'To sign in with this address again, open this page within 7 days and press its button. It ends all your sessions, signs nobody in and leaves two-factor authentication as it is.',
    label: 'Undo',
  },
  /** To administrators, about the house. */
  houseNews: {
    text_cap: {
      subject: 'Text messages have reached today’s limit',
      body: (cap: number, brand: string) => [
        `${brand} has sent ${cap} text messages today, which is all that SMS_DAILY_CAP allows. No more go out before midnight UTC.`,
        'People can use their other second steps and recovery codes meanwhile. If far more messages went out than you expect, somebody may be causing them on purpose. SMS_COUNTRIES says which countries they go to.',
      ],
    },
  },
  letters,
};
