export const en = {
  page: {
    own: 'This is your own account. What is yours to change stands under',
    ownPlace: 'Account',
    ownRest: 'The rest another administrator must do.',
    request: (name: string) => `${name} has lost every second step and asks for help.`,
    openRequest: 'Open the request',
    facts: 'Account',
    addresses: 'Addresses',
    primary: 'signs in',
    recovery: 'for recovery',
    unproven: 'not proven yet',
    role: 'Role',
    state: 'State',
    since: 'Account since',
    states: {
      active: 'Active',
      suspended: 'Suspended: nobody signs in with this account',
      invited: 'Invited, not here yet',
      expired: 'Invited, but the link has run out',
      mustEnrol: 'Must turn on two-factor authentication at the next sign-in',
      leaving: 'Waits to be erased: nobody signs in with this account',
    },
    changeRole: 'Change the role',
    erased: 'Erased',
  },
  factors: {
    title: 'Two-factor authentication',
    off: 'Two-factor authentication is off.',
    on: 'On since',
    added: 'Added',
    lastUsed: 'last used',
    neverUsed: 'never used',
    suspended: 'Suspended',
    codes: (left: number) => (left === 1 ? '1 recovery code left' : `${left} recovery codes left`),
    remove: 'Remove',
    removeOf: (label: string) => `Remove ${label}`,
    reset: 'Reset two-factor authentication',
  },
  groups: {
    title: 'Groups',
    none: 'No groups.',
    add: 'Add to a group',
    addButton: 'Add',
    leave: 'Remove',
    leaveOf: (group: string) => `Remove from ${group}`,
  },
  sessions: {
    title: 'Sessions',
    none: 'Not signed in anywhere.',
    last: 'last used',
    since: 'signed in',
    end: 'End',
    endOf: (browser: string) => `End ${browser}`,
    endAll: 'End all sessions',
  },
  holds: {
    title: 'On hold',
    codes: (until: string | null) =>
      until === null
        ? 'Typed codes are closed after too many wrong ones.'
        : `Typed codes are paused until ${until}.`,
    passwordNetwork: (until: string) => `The password waits, from one network, until ${until}.`,
    passwordBrowser: (until: string) => `The password waits, from one known browser, until ${until}.`,
    passwordEverywhere: (until: string) => `The password waits, from everywhere, until ${until}.`,
    changes: (until: string) => `Security changes are paused until ${until}: somebody said “This wasn't me”.`,
    unlock: 'Forgive wrong codes and passwords',
  },
  records: {
    title: 'Recent records',
    none: 'Nothing is recorded of this account.',
    all: (name: string) => `All records about ${name}`,
    allShort: 'All records',
  },
  more: {
    title: 'Access',
    resetPassword: 'Start a password reset',
    inviteAgain: 'Invite again',
    data: 'Download their data',
    suspend: 'Suspend the account',
    restore: 'Restore the account',
    keep: 'Keep the account',
    erase: 'Delete the account',
  },
  questions: {
    cancel: 'Cancel',
    suspend: {
      title: 'Suspend this account?',
      lead: (name: string, sessions: number) =>
        sessions === 0
          ? `${name} can no longer sign in. Nothing is deleted, and you can restore the account.`
          : `${name} can no longer sign in, and ${sessions === 1 ? 'the one session ends' : `the ${sessions} sessions end`} at once. Nothing is deleted, and you can restore the account.`,
      button: 'Suspend',
    },
    restore: {
      title: 'Restore this account?',
      lead: (name: string) => `${name} can sign in again, with the password and second step of before.`,
      button: 'Restore',
    },
    keep: {
      title: 'Keep this account?',
      lead: (name: string) =>
        `It is not erased. ${name} can sign in again, with the password and second step of before, and is told by mail.`,
      button: 'Keep the account',
    },
    unlock: {
      title: 'Forgive wrong codes and passwords?',
      lead: (name: string) =>
        `Waits and holds of ${name} end, and typed codes open again. If somebody was guessing, they can go on too: ask ${name} first.`,
      button: 'Forgive them',
    },
    endOne: {
      title: 'End this session?',
      lead: (name: string, browser: string, network: string) =>
        `${name} is signed out at once in ${browser} at ${network}.`,
      button: 'End the session',
    },
    endAll: {
      title: 'End all sessions?',
      lead: (name: string, sessions: number) =>
        `${name} is signed out at once everywhere${sessions === 1 ? '' : `, in ${sessions} sessions`}, and has to sign in again.`,
      button: 'End all sessions',
    },
    remove: {
      title: (label: string) => `Remove ${label}?`,
      lead: (name: string) =>
        `It can no longer be used for the second step, and all sessions of ${name} end. A mail tells ${name} who removed it.`,
      button: 'Remove',
    },
    leave: {
      title: (group: string) => `Remove from ${group}?`,
      lead: (name: string, group: string) =>
        `${name} can no longer open what is only for the people of ${group}.`,
      button: 'Remove',
    },
  },
  forms: {
    cancel: 'Cancel',
    role: {
      title: 'Change the role',
      lead: (name: string) => `All sessions of ${name} end, and a mail says who changed the role.`,
      label: 'Role',
      hint: 'Publishers also manage apps. Administrators also manage people, and must use two-factor authentication: whoever has none sets it up at the next sign-in.',
      save: 'Change the role',
    },
    reset: {
      title: 'Reset two-factor authentication?',
      lead: (name: string) =>
        `Every second step and recovery code of ${name} is deleted and all sessions end. From then on the password alone signs in, until a new second step is set up.`,
      sure: (name: string) =>
        `Make sure that you are speaking with ${name}: thieves call help desks too. If it can wait, ${name} can ask for help at the second step, and two administrators decide.`,
      reason: 'Why',
      reasonHint: (name: string) => `${name} reads this in the mail, together with your name.`,
      save: 'Reset',
      nothing: 'Two-factor authentication of this account is off: there is nothing to reset.',
    },
    password: {
      title: 'Start a password reset?',
      lead: (name: string, email: string) =>
        `${name} gets a link at ${email} to choose a new password, and all sessions end. Until then the old password works. Nobody else sees or sets it.`,
      reason: 'Why',
      reasonHint: 'Kept in the records.',
      save: 'Send the link',
      nothing: 'This account has no password that could be reset now.',
    },
    data: {
      title: 'Download their data',
      lead: (name: string) =>
        `Everything that is kept about ${name} here, in one JSON file, as they can download it themself.`,
      sure: (name: string) =>
        `No secret is in it. It names ${name}: give it to them and to nobody else. The records say that you downloaded it.`,
      save: 'Download the file',
      back: 'Back',
    },
    erase: {
      title: 'Delete this account?',
      lead: (name: string, wait: string) =>
        `${name} is signed out everywhere and can no longer sign in. After ${wait} the account is erased with all that belongs to it; until then administrators can keep it.`,
      sure: (name: string) =>
        `The records stay, under a pseudonym that then names nobody. To keep ${name} out for a while only, suspend the account.`,
      reason: 'Why',
      reasonHint: (name: string) => `${name} reads this in the mail, together with your name.`,
      save: 'Delete the account',
      nothing: 'This account is already waiting to be erased.',
    },
  },
};

export type PersonWords = typeof en;
