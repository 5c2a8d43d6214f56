import type { RefusalCode, RefusalDetail } from '../kit/refusal.ts';
import { formatInstant } from './dates.ts';

/** "15 minutes", from seconds; never "0 minutes". */
function wait(seconds = 60): string {
  if (Math.round(seconds) <= 1) return '1 second';
  if (seconds < 90) return `${Math.round(seconds)} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}

const LAST_TRY = 'That was the last try: start again with your password.';

export const en = {
  refusals: {
    sign_in_required: () => 'Sign in first.',
    two_factor_required: () => 'Turn on two-factor authentication first: your organisation requires it.',
    step_up_required: () => 'First confirm that it is you, with your password and second step.',
    invalid_input: () => 'Something in the form is missing or wrong. See the marked fields.',
    malformed_request: () =>
      'This request isn’t in the form that we expect. Go back to the page and try again.',
    wrong_credentials: () => 'E-mail address or password is wrong.',
    wrong_code: ({ lastTry }: RefusalDetail) =>
      `That code is not right. ${lastTry ? LAST_TRY : 'Wait for the next one and type it.'}`,
    wrong_recovery_code: ({ lastTry }: RefusalDetail) =>
      `That recovery code is not right, or was used before.${lastTry ? ` ${LAST_TRY}` : ''}`,
    key_refused: ({ lastTry }: RefusalDetail) =>
      `That key was not accepted. ${lastTry ? LAST_TRY : 'Try it again, or use another way.'}`,
    passkey_refused: () => 'That passkey was not accepted. Try it again, or sign in with your password.',
    key_not_added: () => 'The key was not added. Try it again.',
    key_taken: () => 'This key can’t be added: it is in use already.',
    key_model_refused: () =>
      'Your organisation accepts only certain models of keys. This isn’t one of them, or your browser didn’t show which model it is. Use another key, or try again and allow your browser to show the model.',
    key_models_unavailable: () =>
      'No key can be added at the moment, because we can’t look up which models your organisation accepts. Keys that you added before still work. Try again in a few minutes.',
    keys_need_name: () =>
      'Security keys work only on a site with a host name, and the address of this one is a number.',
    other_factor_first: () => 'Set up an authenticator app first. Then you can add a key as well.',
    method_forbidden: () =>
      'Your organisation doesn’t accept this method. Choose another one under Account > Security.',
    no_first_method: () =>
      'Nobody could turn on two-factor authentication then. Leave at least one method that can be the first.',
    clock_slow: ({ minutes = 1, lastTry }: RefusalDetail) =>
      `Your phone's clock is about ${minutes === 1 ? 'a minute' : `${minutes} minutes`} slow. Set it to automatic, then ${lastTry ? 'start again with your password' : 'type the next code'}.`,
    clock_fast: ({ minutes = 1, lastTry }: RefusalDetail) =>
      `Your phone's clock is about ${minutes === 1 ? 'a minute' : `${minutes} minutes`} fast. Set it to automatic, then ${lastTry ? 'start again with your password' : 'type the next code'}.`,
    pending_ended: () => 'This sign-in has ended. Start again with your password.',
    too_many_attempts: ({ retryAfter, texts }: RefusalDetail) =>
      texts
        ? `It is too soon for another code. You can have one in ${wait(retryAfter)}.`
        : `Too many tries. Try again in ${wait(retryAfter)}.`,
    codes_on_hold: ({ retryAfter, keys }: RefusalDetail) =>
      `After too many wrong codes, sign-in codes are paused for ${wait(retryAfter)}. ${keys ? 'A security key or a recovery code' : 'A recovery code'} still works.`,
    codes_closed: ({ keys }: RefusalDetail) =>
      `After too many wrong codes, sign-in codes are closed. ${keys ? 'A security key, a recovery code' : 'A recovery code'} or an administrator opens them again.`,
    link_invalid: () =>
      'This link has been used already, is too old, or was replaced by a newer one. Ask for a new one.',
    link_other_browser: () => 'Open this link in the browser in which you signed in.',
    enrolment_expired: () =>
      'What you were shown or sent before has expired. Start again with what is on this page now.',
    policy_requires_two_factor: ({ byRole }: RefusalDetail) =>
      `Your organisation requires two-factor authentication${byRole ? ' for your role as administrator' : ''}, so it can’t be turned off. You can replace a method instead.`,
    address_unproven: () => 'Confirm your e-mail address first: open the link that we sent you.',
    address_taken: () => 'This e-mail address can’t be used.',
    too_many_factors: () => 'You have as many of these as an account can have. Remove one first.',
    changes_frozen: () =>
      "Security changes are paused for 24 hours, because somebody said “This wasn't me”. Ask your administrator if that is wrong.",
    last_administrator: () =>
      'This is the last administrator. Make somebody else one first; who is only invited does not count yet.',
    recovery_too_often: () =>
      'You have asked for help three times within 30 days. Write to support, or talk to your administrator.',
    recovery_waiting: ({ until = 0 }) =>
      `The waiting time isn’t over yet. Nothing can be approved before ${formatInstant(until, 'en', null)}.`,
    another_administrator: () =>
      'Another administrator must do this, not the one who asked for help or who proposed the pass.',
    own_account: () =>
      'This is your own account. Another administrator must do this, so that nobody locks themselves out.',
    group_guards_app: () =>
      'An app is open only to this group. Without the group, everybody could open it. First choose who else may open the app.',
    sign_up_closed: () => 'Accounts here are by invitation. Ask your administrator for one.',
    no_two_factor: () => 'Two-factor authentication is not on.',
    wrong_origin: () =>
      'This request came from another site and was not carried out. Go to our page and try there.',
    method_not_allowed: () => 'This address can’t be used in that way.',
    unsupported_body: () => 'This address doesn’t take a body of this kind (Content-Type).',
    body_too_large: () => 'That is more than this address accepts.',
    not_found: () => 'There is no such page, or it is not yours.',
    conflict: () => 'Somebody changed this at the same time. See how it is now, then try again.',
    busy: () => 'Too many people are signing in at this moment. Try again in a few seconds.',
    database_away: () => 'We can’t reach our database. Nothing was changed. Try again in a moment.',
    clock_skewed: ({ keys }: RefusalDetail) =>
      `Our clock is being set. Use ${keys ? 'a security key or a recovery code' : 'a recovery code'}, or try again in a few minutes.`,
    token_required: () =>
      'Send a token: Authorization: Bearer …, from the client credentials grant at /oidc/token.',
    scope_missing: ({ scope = '' }: RefusalDetail) =>
      `The token lacks the scope ${scope}. An administrator can add it to the app.`,
    administrator_protected: () =>
      'Only an administrator can change an administrator, in the Dashboard. No program can.',
    only_factor: () => 'This is the only second step that works. Reset two-factor authentication instead.',
    text_not_sent: () =>
      'We couldn’t send the message, so no code is on its way. Use another method, or try again in a minute.',
    texts_capped: () =>
      'Today’s limit for text messages has been reached, so no code is on its way. Use another method, or try again tomorrow.',
    text_country: () => 'We don’t send messages to the country of this number. Use another method.',
    store_full: () =>
      'There is no room left for this file. Delete builds that nobody needs, or ask your administrator.',
    too_many_builds: () => 'This app has reached its limit of builds. Delete one that nobody needs.',
    app_unknown: () => 'No app is registered with this address.',
    app_closed: () => 'This app isn’t open to you. If that is wrong, talk to your administrator.',
  } satisfies Record<RefusalCode, (detail: RefusalDetail) => string>,
  fault: (requestId: string) =>
    `Something went wrong on our side. If it happens again, tell support this number: ${requestId}`,
  fields: {
    required: 'Fill this in.',
    too_long: 'This is too long.',
    email_invalid: 'Type one e-mail address, such as name@example.org.',
    email_taken: 'This e-mail address can’t be used.',
    email_unchanged: 'This is already your address.',
    name_invalid: 'Type a name of up to 100 characters.',
    password_too_short: (min: number) =>
      `Use at least ${min} characters. A few words in a row are easy to remember.`,
    password_too_long: 'Use at most 1,024 bytes.',
    password_common: 'This is one of the passwords that everybody tries first. Choose another one.',
    password_context: 'Don’t build it from your name, your address or the name of this site.',
    password_weak: 'This is easy to guess. Add a word or two that don’t belong together.',
    password_wrong: 'The password is wrong.',
    password_unchanged: 'Choose a password that is different from the one you have.',
    confirmation_wrong: 'This is not the e-mail address of your account.',
    code_wrong: 'That code is not right. Wait for the next one and type it.',
    message_code_wrong: 'That code is not right. Type the one from the newest message.',
    recovery_code_wrong: 'That is not the code with this number.',
    locale_unknown: 'Choose a language from the list.',
    time_zone_unknown: 'Choose a time zone from the list.',
    label_invalid: 'Type a name of up to 60 characters.',
    phone_invalid: 'Type a mobile number: choose its country, or begin with +.',
    phone_country:
      'We can’t send messages to this country. Use a number from another country, or another method.',
    group_name_invalid: 'Type a name of up to 64 characters, without a comma.',
    group_name_taken: 'There is already a group with this name.',
    person_unknown: 'Nobody here signs in with this address.',
    list_wrong: 'This list has mistakes. The page that it was sent from shows them.',
    address_invalid:
      'Type whole addresses that begin with https:// (http:// only on localhost), without a # part.',
    origin_invalid: 'Type only the address of the host, such as https://wiki.example.org.',
    origin_taken: 'Another app already uses this host.',
    slug_invalid: 'Use 1 to 40 lower-case letters, digits and hyphens, such as field-notes.',
    slug_taken: 'Another app already uses this address.',
    version_invalid: 'Type a version without spaces, such as 2.4.1.',
    version_taken: 'There is already a build of this kind with this version.',
    platform_unfit: 'This kind of file is made for another system.',
    file_name_invalid: 'Rename the file: plain letters, digits, spaces, dots and hyphens will do.',
    file_kind_unknown: 'This kind of file can’t be published here.',
    file_kind_unfit: 'The file isn’t what its name says. Upload it as it came from your build tools.',
    file_too_large: 'The file is larger than what can be uploaded here.',
    archive_broken: 'The file can’t be read. It may be damaged; upload it again.',
    archive_too_big: 'The archive unpacks to more than is allowed here.',
    archive_unsafe:
      'The archive contains links, or file names that lead out of its folder. Pack it again without them.',
    icon_unreadable: 'Use a PNG picture, saved without interlacing.',
    icon_too_large: 'Use a picture of 32 to 1,024 pixels on each side and at most 1 MiB.',
    audience_missing: 'Choose at least one group, or everyone.',
    day_invalid: 'Choose a day from tomorrow on, within the next two years.',
    day_needless: 'Leave this empty with “Now”, or choose “From a day on” above.',
    number_invalid: 'Type a whole number within these limits.',
    key_models_invalid: 'Type the AAGUIDs of the models, separated by commas.',
    group_unknown: 'A group that was chosen no longer exists. Choose again.',
  },
};

export type RefusalWords = {
  refusals: Record<RefusalCode, (detail: RefusalDetail) => string>;
  fault: (requestId: string) => string;
  fields: {
    [K in keyof (typeof en)['fields']]: (typeof en)['fields'][K] extends string
      ? string
      : (typeof en)['fields'][K];
  };
};
