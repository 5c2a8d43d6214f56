import type { Notice } from './notice.ts';

/** What the sentences of a notice may mention, already cleaned and in the person's language. */
export interface Said {
  readonly brand: string;
  /** `Security key "Blue"` */
  readonly factor: string;
  /** True where the factor is a phone that gets text messages. */
  readonly phone: boolean;
  readonly address: string;
  readonly remaining: number;
  /** `14:05 (UTC)` */
  readonly until: string;
  /** `15 minutes` */
  readonly wait: string;
  /** True where a link of a mail set the password. */
  readonly reset: boolean;
  /** True where the person has a security key. */
  readonly keys: boolean;
  /** True where browsers were trusted. */
  readonly browsers: boolean;
}

interface NoticeWords {
  readonly subject: (said: Said) => string;
  readonly body: (said: Said) => readonly string[];
}

const codes = (count: number) => (count === 1 ? '1 recovery code is' : `${count || 'No'} recovery codes are`);

const notices: Record<Notice['kind'], NoticeWords> = {
  two_factor_on: {
    subject: () => 'Two-factor authentication is on',
    body: ({ brand }) => [
      `From now on, signing in to ${brand} takes your password and a second step.`,
      'Keep the recovery codes that you saved where you can reach them without your phone: each one stands in once if you lose it. You can make a new set under Account > Security.',
    ],
  },
  two_factor_off: {
    subject: () => 'Two-factor authentication was disabled',
    body: ({ brand, browsers }) => [
      `Signing in to ${brand} now takes only your password. Your second step and your recovery codes were deleted${browsers ? ', no browser is trusted any more' : ''}, and your other sessions ended.`,
      'To turn it on again, open Account > Security and choose “Enable 2FA”.',
    ],
  },
  factor_added: {
    subject: ({ factor, phone }) => (phone ? 'Your phone for codes was changed' : `${factor} was added`),
    body: () => ['It can be used for the second step from now on.'],
  },
  factor_removed: {
    subject: ({ factor }) => `${factor} was removed`,
    body: () => ['It can no longer be used for the second step.'],
  },
  app_replaced: {
    subject: () => 'Your authenticator app was changed',
    body: () => ['The new app gives your codes from now on. The old one no longer works.'],
  },
  codes_regenerated: {
    subject: () => 'New recovery codes were made',
    body: () => ['The new set is valid from now on. The old codes no longer work.'],
  },
  code_used: {
    subject: () => 'A recovery code was used',
    body: ({ remaining, keys }) => [
      `It stood in for your second step and doesn’t work again. ${codes(remaining)} left.`,
      `If you lost your phone${keys ? ' or key' : ''}, replace it under Account > Security.`,
    ],
  },
  codes_low: {
    subject: () => 'Your recovery codes are running out',
    body: ({ remaining }) => [
      `${codes(remaining)} left. Make a new set under Account > Security > Recovery codes, so that losing your phone doesn’t lock you out.`,
    ],
  },
  password_changed: {
    subject: () => 'Your password was changed',
    body: ({ reset }) => [
      reset
        ? 'It was set anew with a link from a mail. All your sessions have ended. Your second step is as it was.'
        : 'Your other sessions have ended. Your second step is as it was.',
    ],
  },
  email_changed: {
    subject: () => 'Your e-mail address was changed',
    body: ({ address }) => [`You now sign in with ${address}. Your second step is as it was.`],
  },
  email_change_undone: {
    subject: () => 'Your former e-mail address was restored',
    body: ({ address }) => [
      `You sign in with ${address} again. All your sessions have ended. Your second step is as it was.`,
      'Whoever changed it knows your password. If it was not you, change it now.',
    ],
  },
  replace_undone: {
    subject: () => 'Your former authenticator app was restored',
    body: () => [
      'It gives your codes again. The one that had taken its place was removed, and all your sessions have ended.',
      'Whoever changed it knows your password. If it was not you, change it now.',
    ],
  },
  recovery_address_added: {
    subject: () => 'A recovery address was added',
    body: () => ['It serves to recover your account. Nobody signs in with it.'],
  },
  recovery_address_removed: {
    subject: () => 'A recovery address was removed',
    body: () => ['It no longer serves to recover your account.'],
  },
  wrong_code_burst: {
    subject: () => 'Someone knows your password',
    body: () => [
      'Your right password was entered, and then a wrong code. Your second step kept them out.',
      'If it was you and you mistyped the code, there is nothing to do. If not, change your password now.',
    ],
  },
  codes_held: {
    subject: () => 'Sign-in codes are paused',
    body: ({ wait, until, keys }) => [
      `Too many wrong codes in a row were entered for your account, so codes that are typed are not accepted for ${wait}, until ${until}. ${keys ? 'Security keys and recovery codes' : 'Recovery codes'} still work.`,
      'Whoever entered them knows your password. If it was not you, change it now.',
    ],
  },
  codes_closed: {
    subject: () => 'Sign-in codes are closed',
    body: ({ keys }) => [
      `Too many wrong codes in a row were entered for your account, so codes that are typed are no longer accepted. ${keys ? 'A security key, a recovery code' : 'A recovery code'} or an administrator opens them again.`,
      'Whoever entered them knows your password. If it was not you, change it now.',
    ],
  },
  admin_reset: {
    subject: () => 'An administrator reset your two-factor authentication',
    body: ({ brand }) => [
      'Your second step and your recovery codes were deleted, and your sessions ended.',
      `Sign in to ${brand} with your password and set up a new second step under Account > Security.`,
    ],
  },
};

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
    address: 'Address',
    oldAddress: 'Old address',
    newAddress: 'New address',
    remaining: 'Codes left',
    doneBy: 'Done by',
    reason: 'Reason',
    time: 'Time',
    network: 'Network address',
    browser: 'Browser',
  },
  yourself: 'You',
  operator: 'The operator of this server',
  unknownBrowser: 'Unknown browser',
  browserOn: (browser: string, system: string) => `${browser} on ${system}`,
  notMe: {
    lead: 'If this wasn’t you, open this page and press its button. No sign-in is needed; it works once, within 7 days. It ends the session that did this, refuses security changes for 24 hours and suspends what was added for the second step where something else remains. It never turns two-factor authentication off.',
    label: 'This wasn’t me',
  },
  changePassword: { lead: 'To be on the safe side, change your password:', label: 'Change your password' },
  undoReplace: {
    lead: 'To have the old app back in place of the new one, open this page within 24 hours and press its button. It ends all your sessions.',
    label: 'Undo',
  },
  undoEmail: {
    lead: 'To have this address back as the one you sign in with, open this page within 7 days and press its button. It ends all your sessions, signs nobody in and leaves two-factor authentication as it is.',
    label: 'Undo',
  },
  letters: {
    invitation: {
      subject: (brand: string) => `Your invitation to ${brand}`,
      body: (brand: string) => [`An account at ${brand} has been made for you. Choose a password to begin.`],
      lead: (lifetime: string) =>
        `Open this page to choose your password. The link works once, within ${lifetime}.`,
      label: 'Choose a password',
    },
    sign_up_invitation: {
      subject: (brand: string) => `Confirm your e-mail address for ${brand}`,
      body: (brand: string) => [
        `Somebody, hopefully you, asked for an account at ${brand} with this address.`,
        'If it was not you, ignore this mail: without the link there is no account.',
      ],
      lead: (lifetime: string) =>
        `Open this page to choose your name and password. The link works once, within ${lifetime}.`,
      label: 'Create your account',
    },
    sign_up_existing: {
      subject: (brand: string) => `You already have an account at ${brand}`,
      body: (brand: string) => [
        `Somebody, hopefully you, tried to create an account at ${brand} with this address, but it has one already. Nothing was changed.`,
      ],
      lead: () => 'Sign in here:',
      label: 'Sign in',
      forgotten: { lead: 'If you have forgotten your password:', label: 'Choose a new password' },
    },
    reset_link: {
      subject: (brand: string) => `Choose a new password for ${brand}`,
      body: () => [
        'Somebody, hopefully you, asked for a new password for this address.',
        'If it was not you, ignore this mail: your password stays as it is. Your second step stays in any case.',
      ],
      lead: (lifetime: string) =>
        `Open this page to choose a new password. The link works once, within ${lifetime}; a newer one replaces it.`,
      label: 'Choose a new password',
    },
    email_change_link: {
      subject: (brand: string) => `Confirm your new e-mail address for ${brand}`,
      body: (brand: string) => [
        `Somebody, hopefully you, wants to use this address for an account at ${brand}.`,
        'If it was not you, ignore this mail: nothing changes without the link.',
      ],
      lead: (lifetime: string) =>
        `Open this page in the browser where you are signed in. The link works once, within ${lifetime}.`,
      label: 'Confirm this address',
    },
    enrol_link: {
      subject: (brand: string) => `Set up your second step at ${brand}`,
      body: () => [
        'Your organisation requires two-factor authentication. Before you set it up, we check that it is you by this mail.',
        'If you are not signing in right now, somebody knows your password: change it, and do not open the link.',
      ],
      lead: (lifetime: string) =>
        `Open this page in the browser where you are signing in. The link works once, within ${lifetime}.`,
      label: 'Go on with the set-up',
    },
  },
};
