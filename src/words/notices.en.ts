/** One sentence on the page after a redirect: what was just done. The keys are the closed list of codes. */
export const en = {
  two_factor_on: 'Two-factor authentication is on.',
  two_factor_off: 'Two-factor authentication is off.',
  app_added: 'The authenticator app was added. You can use it from your next sign-in on.',
  key_added: 'The key was added. Do you still have your recovery codes?',
  factor_removed: 'The method was removed and no longer signs you in.',
  factor_renamed: 'The new name was saved.',
  phone_set: 'Your phone for codes is set.',
  factor_replaced: 'The new one is in force. The old one no longer signs you in.',
  factor_preferred: 'You will be asked for that method first.',
  check_up_done: 'Right: you can still sign in with your recovery codes. The code was not used up.',
  browser_untrusted: 'That browser will be asked for the second step again.',
  codes_regenerated: 'Your new recovery codes are in force. The old ones no longer work.',
  password_changed: 'Your password was changed. You are signed out everywhere else.',
  password_set: 'Your password is set. Sign in with it.',
  password_reset_done: 'Your password was changed. Sign in with the new one.',
  profile_saved: 'Saved.',
  email_link_sent:
    'If the address can be used, a link is on its way to it. Open the link in this browser to prove that it is yours.',
  email_change_cancelled: 'The change was cancelled. Its link no longer works.',
  email_changed: 'Your e-mail address was changed.',
  email_restored: 'Your former e-mail address is back and every session has ended. Sign in with it.',
  recovery_address_added: 'The recovery address was added.',
  recovery_address_removed: 'The recovery address was removed.',
  factor_restored: 'What you had before is back and every session has ended. Sign in with it.',
  session_ended: 'That session has ended.',
  sessions_ended: 'You are signed out everywhere else.',
  security_frozen: 'The session has ended, and security changes are paused for 24 hours.',
  security_frozen_factor:
    'The session has ended, the method that was added is suspended, and security changes are paused for 24 hours.',
  person_invited: 'The invitation is on its way.',
  recovery_proposed: 'Proposed. Another administrator can countersign it once the waiting time is over.',
  recovery_proposed_alone: 'Proposed. You can approve it yourself once the waiting time is over.',
  recovery_approved: 'The temporary pass is on its way. It works once, for an hour.',
  recovery_refused: 'The request was refused. The person is told by mail.',
  app_created: 'The app is there. Upload its first build.',
  app_saved: 'Saved.',
  app_deleted: 'The app is deleted.',
  build_uploaded: 'The build is uploaded. Nobody sees it before you publish it.',
  build_published: 'It is published.',
  build_withdrawn: 'It is withdrawn.',
  build_deleted: 'The build is deleted.',
  signed_out: 'You have signed out.',
  invitation_accepted: 'Your account is ready. Sign in with your new password.',
};

export type NoticeCode = keyof typeof en;
export type NoticeWords = Readonly<Record<NoticeCode, string>>;

/** Of those that ask something: the link behind them. */
export const linkTexts: Partial<Record<NoticeCode, string>> = {
  key_added: 'If not, make new ones.',
};
