import type { AuditEvent } from './events.ts';

/** What the sentence of an event may mention, already in the person's language. */
export interface Told {
  readonly failed: boolean;
  /** `one-time code`, `password and recovery code`; empty where the event tells none. */
  readonly method: string;
  /** ` by an administrator`, ` by the operator of this server`; empty where it was the person. */
  readonly by: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

const withMethod = (sentence: string, { method }: Told) => (method ? `${sentence}: ${method}` : sentence);

/** ` (9 left)`, where a recovery code was one of the steps. */
const codesLeft = ({ detail }: Told) => (detail['left'] === undefined ? '' : ` (${detail['left']} left)`);

/** `field-notes 2.4.1`; where an event is named without one that happened, as in a filter, `any` stands for it. */
export const appAndVersion = ({ app, version }: Told['detail'], any: string): string =>
  app === undefined ? any : `${app} ${version}`;

/** ` field-notes`, or nothing. */
export const appNamed = ({ app }: Told['detail']): string => (app === undefined ? '' : ` ${app}`);

const ROLE_NAMES: Readonly<Record<string, string>> = {
  admin: 'administrator',
  publisher: 'publisher',
  member: 'member',
};

const toRole = ({ detail }: Told) => {
  const name = ROLE_NAMES[String(detail['to'])];
  return name === undefined ? '' : ` to ${name}`;
};

const events: Record<AuditEvent, (told: Told) => string> = {
  'account.created': ({ by }) => `Account created${by}`,
  'account.invited': ({ by }) => `Invitation sent${by}`,
  'account.password_set': () => 'First password chosen',
  'account.profile_changed': () => 'Profile changed',
  'account.suspended': ({ by }) => `Account suspended${by}`,
  'account.restored': ({ by }) => `Account restored${by}`,
  'account.role_changed': (told) => `Role changed${toRole(told)}${told.by}`,
  'account.unlocked': ({ by }) => `Pause after wrong tries lifted${by}`,
  'account.sign_up_requested': () => 'Somebody tried to create an account with your address',
  'sign_in.password': ({ failed }) => (failed ? 'Sign-in with a wrong password' : 'Password accepted'),
  'sign_in.password_wait': () => 'Sign-in refused after too many wrong passwords',
  'sign_in.factor': (told) => withMethod(told.failed ? 'Second step refused' : 'Second step accepted', told),
  'sign_in.passkey': ({ failed }) => (failed ? 'Passkey refused' : 'Passkey accepted'),
  'sign_in.completed': (told) =>
    `Signed in${told.method ? ` with ${told.method}` : ''}${told.detail['trusted'] ? ', in a trusted browser' : ''}${codesLeft(told)}`,
  'sign_in.enrolment_only': () => 'Sign-in stopped until two-factor authentication is on',
  sign_out: () => 'Signed out',
  'session.ended': ({ detail, by }) =>
    `${detail['count'] === undefined || detail['count'] === 1 ? 'Session ended' : `${detail['count']} sessions ended`}${by}`,
  'step_up.password': ({ failed }) => (failed ? 'Wrong password when confirming' : 'Password confirmed'),
  'step_up.completed': (told) =>
    withMethod(told.failed ? 'Confirmation refused' : 'Confirmed that it is you', told) + codesLeft(told),
  'password.changed': ({ failed }) =>
    failed ? 'Change of password refused: wrong current password' : 'Password changed',
  'password.reset_requested': ({ by }) => `Link to choose a new password requested${by}`,
  'password.reset': () => 'New password chosen with a link in a mail',
  'email.change_requested': ({ detail }) =>
    detail['use'] === 'recovery' ? 'Recovery address requested' : 'Change of e-mail address requested',
  'email.change_cancelled': ({ detail }) =>
    detail['use'] === 'recovery'
      ? 'Request for a recovery address cancelled'
      : 'Change of e-mail address cancelled',
  'email.changed': () => 'E-mail address changed',
  'email.change_undone': () => 'Change of e-mail address undone',
  'email.recovery_added': () => 'Recovery address added',
  'email.recovery_removed': () => 'Recovery address removed',
  'two_factor.enabled': (told) => withMethod('Two-factor authentication turned on', told),
  'two_factor.disabled': ({ by }) => `Two-factor authentication turned off${by}`,
  'two_factor.reset_by_operator': ({ by }) => `Two-factor authentication reset${by}`,
  'two_factor.reset_by_administrator': ({ by }) => `Second step reset${by}`,
  'two_factor.renewed': (told) =>
    withMethod('Two-factor authentication set up again with a temporary pass', told),
  'factor.added': (told) => withMethod('Second step added', told),
  'factor.refused': () => 'Security key not added: its model is not accepted',
  'factor.renamed': () => 'Second step renamed',
  'factor.replaced': (told) => withMethod('Second step replaced', told),
  'factor.replace_undone': (told) => withMethod('Replacement of a second step undone', told),
  'factor.removed': (told) => withMethod(`Second step removed${told.by}`, told),
  'factor.preferred': (told) => withMethod('Set to be asked for first', told),
  'factor.suspended': (told) => withMethod('Second step suspended', told),
  'recovery_codes.regenerated': () => 'New recovery codes made',
  'recovery_code.used': ({ detail }) =>
    detail['left'] === undefined ? 'Recovery code used' : `Recovery code used, ${detail['left']} left`,
  'check_up.proven': ({ failed }) =>
    failed ? 'Check-up: the recovery code was wrong' : 'Check-up: the recovery code was right',
  'browser.untrusted': () => 'A trusted browser was removed',
  'text.sent': ({ failed }) =>
    failed ? 'Code by text message could not be sent' : 'Code by text message requested',
  'codes.held': () => 'One-time codes paused after too many wrong ones',
  'codes.closed': () => 'One-time codes closed after too many wrong ones',
  'security.frozen': () => "Security changes paused for 24 hours: “This wasn't me”",
  'enrolment.link_sent': () => 'Link to set up two-factor authentication sent',
  'enrolment.proven': () => 'Link to set up two-factor authentication opened',
  'recovery.requested': () => 'Help requested: every second step is lost',
  'recovery.cancelled': () => 'Request for help cancelled',
  'recovery.proposed': ({ by }) => `Temporary pass proposed${by}`,
  'recovery.approved': ({ by }) => `Temporary pass given${by}`,
  'recovery.refused': ({ by }) => `Request for help refused${by}`,
  'recovery.pass_used': ({ failed }) =>
    failed ? 'Temporary pass tried with a wrong password' : 'Temporary pass used',
  'text.capped': ({ detail }) =>
    `Text messages reached the daily limit${detail['cap'] === undefined ? '' : `: ${detail['cap']}`}`,
  'setup.link_made': () => 'Set-up link made',
  'setup.completed': () => 'Set-up completed',
  'group.created': ({ by }) => `Group created${by}`,
  'group.renamed': ({ by }) => `Group renamed${by}`,
  'group.removed': ({ by }) => `Group removed${by}`,
  'group.joined': ({ by }) => `Added to a group${by}`,
  'group.left': ({ by }) => `Removed from a group${by}`,
  'client.created': ({ by }) => `App registered${by}`,
  'client.changed': ({ by }) => `App changed${by}`,
  'client.secret_rotated': ({ by }) => `Secret of an app changed${by}`,
  'client.removed': ({ by }) => `App removed${by}`,
  'policy.rule_set': ({ by }) => `Two-factor rule set${by}`,
  'policy.rule_dropped': ({ by }) => `Two-factor rule ended${by}`,
  'policy.value_set': ({ by }) => `Sign-in rule changed${by}`,
  'store.app_created': ({ detail }) => `App${appNamed(detail)} created in the App Store`,
  'store.app_changed': ({ detail }) => `App${appNamed(detail)} changed in the App Store`,
  'store.app_deleted': ({ detail }) => `App${appNamed(detail)} deleted from the App Store`,
  'store.build_uploaded': ({ detail }) => `${appAndVersion(detail, 'Build')} uploaded`,
  'store.build_deleted': ({ detail }) => `${appAndVersion(detail, 'Build')} deleted`,
  'store.published': ({ detail }) => `${appAndVersion(detail, 'Build')} published`,
  'store.withdrawn': ({ detail }) => `${appAndVersion(detail, 'Build')} withdrawn`,
  'store.downloaded': ({ detail }) => `${appAndVersion(detail, 'Build')} downloaded`,
  'app.allowed': () => 'Allowed an app to use the account',
  'app.access_removed': ({ by }) => `Access of an app removed${by}`,
  'app.token_reused': () => 'A code or token of an app was used twice: its access ended',
  'audit.exported': ({ by }) => `Records exported${by}`,
  'audit.checked': ({ by, failed }) =>
    failed ? `Records checked${by}: they were changed` : `Records checked${by}: nothing was changed`,
  'account.imported': ({ by }) => `Account imported from another system${by}`,
  'account.exported': ({ by }) => (by === '' ? 'Own data downloaded' : `Data of the account downloaded${by}`),
  'account.deletion_requested': ({ by }) => `Account to be deleted${by}`,
  'account.deletion_cancelled': ({ by }) => `Account kept after all${by}`,
  'account.erased': () => 'Account erased',
  'records.removed': ({ detail }) =>
    detail['count'] === undefined ? 'Old records removed' : `${detail['count']} old records removed`,
  'keys.rotated': ({ by }) => `New key for secrets${by}`,
  'keys.retired': ({ by }) => `Old key taken out of the key ring${by}`,
  'backup.made': ({ by }) => `Backup made${by}`,
  'backup.restored': ({ by }) => `Restored from a backup${by}`,
  'app.signed_in': ({ failed }) => (failed ? 'Sign-in to an app refused' : 'Signed in to an app'),
};

export const en = {
  events,
  methods: {
    pwd: 'password',
    otp: 'one-time code',
    totp: 'authenticator app',
    sms: 'text message',
    webauthn: 'security key',
    'recovery-code': 'recovery code',
    passkey: 'passkey',
    link: 'link in a mail',
  } as Readonly<Record<string, string>>,
  bySomebody: ' by an administrator',
  byOperator: ' by the operator of this server',
};

export type AuditWords = typeof en;
