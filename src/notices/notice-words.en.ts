import type { Role } from '../accounts/account.ts';
import type { Notice } from './notice.ts';

/** What the sentences of a notice may mention, already cleaned and in the person's language. */
export interface Said {
  readonly brand: string;
  /** Name of an app; empty where the notice is about none. */
  readonly app: string;
  /** What it may do. */
  readonly may: readonly string[];
  /** `Security key "Blue"` */
  readonly factor: string;
  /** `totp`, `sms`, `webauthn`; empty where the notice is about no factor. */
  readonly method: string;
  /** True where the factor is a phone that gets text messages. */
  readonly phone: boolean;
  readonly address: string;
  readonly remaining: number;
  /** `14:05 (UTC)` */
  readonly until: string;
  /** `15 minutes` */
  readonly wait: string;
  /** `4 May 2026, 14:05 (UTC)`: when a request for help takes effect, and until when changes rest. */
  readonly effective: string;
  /** True where the person did it, and not an administrator or the operator. */
  readonly own: boolean;
  /** True where a link of a mail set the password. */
  readonly reset: boolean;
  /** Why a request for help was cancelled: a sign-in with a factor or code; a change of password or address. */
  readonly signedIn: boolean;
  readonly changed: boolean;
  /** True where the person has a security key. */
  readonly keys: boolean;
  /** True where browsers were trusted. */
  readonly browsers: boolean;
  /** What the person is from now on; null where the notice is about no role. */
  readonly role: Role | null;
  /** `Security key "Blue"`: the method that is suspended with the freeze; empty where none is. */
  readonly suspended: string;
  /** True where it was an administrator, and not the person. */
  readonly byOther: boolean;
}

interface NoticeWords {
  readonly subject: (said: Said) => string;
  readonly body: (said: Said) => readonly string[];
}

const codes = (count: number) => (count === 1 ? '1 recovery code is' : `${count || 'No'} recovery codes are`);

export const en: Record<Notice['kind'], NoticeWords> = {
  two_factor_on: {
    subject: () => 'Two-factor authentication is on',
    body: ({ brand }) => [
      `From now on, signing in to ${brand} takes your password and a second step.`,
      'Keep the recovery codes that you saved where you can reach them without your phone: if you lose it, each one lets you sign in once. You can make a new set under Account > Security.',
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
    body: ({ byOther }) => [
      byOther
        ? 'It can no longer be used for the second step, and all your sessions have ended.'
        : 'It can no longer be used for the second step.',
    ],
  },
  factor_replaced: {
    subject: ({ method, factor }) =>
      ({ totp: 'Your authenticator app was changed', sms: 'Your phone for codes was changed' })[method] ??
      `${factor} was replaced`,
    body: () => ['From now on, your second step is the new one. The old one no longer works.'],
  },
  key_suspended: {
    subject: ({ factor }) => `Your ${factor.charAt(0).toLowerCase()}${factor.slice(1)} was suspended`,
    body: ({ brand }) => [
      `A security key counts how often it is used, and the count of this one did not go up. That happens when a key has been copied, so ${brand} no longer accepts it.`,
      'Sign in another way, and remove or replace the key under Account > Security. If you still trust it, add it again there.',
    ],
  },
  security_frozen: {
    subject: () => 'Security changes are paused',
    body: ({ effective, suspended }) => [
      `Somebody opened a link in one of our mails to you and said “This wasn't me”. Until ${effective} your password, your e-mail address and your second step can't be changed under Account, and any session that did what the mail was about has ended.`,
      ...(suspended
        ? [`${suspended} is suspended. If it is yours, remove it after that and add it again.`]
        : []),
      'If you think that somebody knows your password, choose “Forgot password?” on the sign-in page: that works at once. If it was not you who said so, somebody else can read your mail: change the password of your mailbox, and talk to your administrator.',
    ],
  },
  new_browser: {
    subject: ({ brand }) => `New sign-in to ${brand}`,
    body: ({ brand }) => [
      `Somebody, hopefully you, signed in to ${brand} from a browser that had not been used for your account before.`,
      'If it was you, there is nothing to do.',
    ],
  },
  access_granted: {
    subject: ({ app }) => `${app} can now use your account`,
    body: ({ app, brand, may }) => [
      `You allowed ${app} to sign you in with your ${brand} account. It may:`,
      ...may.map((what) => `– ${what}`),
    ],
  },
  codes_regenerated: {
    subject: () => 'New recovery codes were made',
    body: () => ['The new set is valid from now on. The old codes no longer work.'],
  },
  code_used: {
    subject: () => 'A recovery code was used',
    body: ({ remaining, keys }) => [
      `It was used as your second step and can’t be used again. ${codes(remaining)} left.`,
      `If you lost your phone${keys ? ' or key' : ''}, replace it under Account > Security.`,
    ],
  },
  codes_low: {
    subject: () => 'Your recovery codes are running out',
    body: ({ remaining }) => [
      `${codes(remaining)} left. Make a new set under Account > Security > Recovery codes, so that losing your phone won’t lock you out.`,
    ],
  },
  password_changed: {
    subject: () => 'Your password was changed',
    body: ({ reset }) => [
      reset
        ? 'A new one was chosen with a link from a mail. All your sessions have ended. Your second step has not changed.'
        : 'Your other sessions have ended. Your second step has not changed.',
    ],
  },
  email_changed: {
    subject: () => 'Your e-mail address was changed',
    body: ({ address }) => [`You now sign in with ${address}. Your second step has not changed.`],
  },
  email_change_undone: {
    subject: () => 'Your former e-mail address was restored',
    body: ({ address }) => [
      `You sign in with ${address} again. All your sessions have ended. Your second step has not changed.`,
      'Whoever changed it knows your password. If it was not you, change your password now.',
    ],
  },
  replace_undone: {
    subject: ({ method, factor }) =>
      method === 'totp' ? 'Your former authenticator app was restored' : `${factor} was restored`,
    body: () => [
      'It can be used for your second step again. The one that replaced it was removed, and all your sessions have ended.',
      'Whoever changed it knows your password. If it was not you, change your password now.',
    ],
  },
  recovery_address_added: {
    subject: () => 'A recovery address was added',
    body: () => ['It can be used to recover your account, but not to sign in.'],
  },
  recovery_address_removed: {
    subject: () => 'A recovery address was removed',
    body: () => ['It can no longer be used to recover your account.'],
  },
  wrong_code_burst: {
    subject: () => 'Someone knows your password',
    body: () => [
      'Somebody typed your correct password, and then a wrong code. Your second step kept them out.',
      'If it was you and you mistyped the code, there is nothing to do. If not, change your password now.',
    ],
  },
  codes_held: {
    subject: () => 'Sign-in codes are paused',
    body: ({ wait, until, keys }) => [
      `Too many wrong codes in a row were typed for your account. No code from an app or a text message is accepted for ${wait}, until ${until}. ${keys ? 'Security keys and recovery codes' : 'Recovery codes'} still work.`,
      'Whoever typed them knows your password. If it was not you, change your password now.',
    ],
  },
  codes_closed: {
    subject: () => 'Sign-in codes are closed',
    body: ({ keys }) => [
      `Too many wrong codes were typed for your account. Codes from an app or a text message are no longer accepted. ${keys ? 'A security key, a recovery code' : 'A recovery code'} or an administrator opens them again.`,
      'Whoever typed them knows your password. If it was not you, change your password now.',
    ],
  },
  admin_reset: {
    subject: () => 'An administrator reset your two-factor authentication',
    body: ({ brand }) => [
      'Your second step and your recovery codes were deleted, and your sessions ended.',
      `Sign in to ${brand} with your password and set up a new second step under Account > Security.`,
    ],
  },
  role_changed: {
    subject: () => 'Your role was changed',
    body: ({ brand, role }) => [
      {
        member: `You are a member of ${brand} now, and no longer manage anything there.`,
        publisher: `You are a publisher at ${brand} now: you can manage its apps.`,
        admin: `You are an administrator of ${brand} now. Administrators must use two-factor authentication: if yours is off, you set it up at your next sign-in.`,
      }[role ?? 'member'],
      'Your sessions have ended. Sign in again to continue.',
    ],
  },
  recovery_requested: {
    subject: () => 'Recovery of your account was requested',
    body: ({ brand, effective }) => [
      `Somebody, hopefully you, typed your password at ${brand} and said that your second step and your recovery codes are lost.`,
      `Nothing changes for now. From ${effective} on, the administrators may give you a temporary pass to set up a new second step. If you sign in with the one you have, the request is cancelled.`,
      'If it was not you, somebody knows your password: cancel the request and change your password.',
    ],
  },
  account_leaving: {
    subject: () => 'Your account will be deleted',
    body: ({ brand, effective, own }) => [
      `Your account at ${brand} is closed from now on: you are signed out everywhere, and nobody can sign in with it. On ${effective} it will be erased for good, with everything that belongs to it.`,
      ...(own ? [] : ['If you think that this is a mistake, ask whoever looks after your account.']),
    ],
  },
  account_kept: {
    subject: () => 'Your account will not be deleted',
    body: ({ own }) => [
      'Everything in it is as it was before. You are signed out everywhere; sign in as usual.',
      ...(own ? ['If it was not you who wanted it deleted, choose a new password now.'] : []),
    ],
  },
  recovery_cancelled: {
    subject: () => 'Recovery of your account was cancelled',
    body: ({ signedIn, changed }) => [
      signedIn
        ? 'You signed in with your second step or a recovery code, so you no longer need help.'
        : changed
          ? 'The security of your account has changed since it was requested.'
          : 'The link in our mail was used.',
      'Your second step has not changed. If you still need help, ask for it again.',
    ],
  },
  recovery_refused: {
    subject: () => 'Recovery of your account was refused',
    body: () => [
      'An administrator refused the request. Your second step has not changed.',
      'If you still need help, write to us or talk to your administrator.',
    ],
  },
  temporary_pass: {
    subject: () => 'An administrator reset your two-factor authentication',
    body: ({ until }) => [
      `You asked for help. Here is a temporary pass: until ${until}, it lets you set up a new second step, and nothing else. You need your password too.`,
      'Your old second step and recovery codes stay until the new one is on. Then they are deleted and your sessions end. If you do not use the pass, nothing changes.',
    ],
  },
};
