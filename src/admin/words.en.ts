export const en = {
  roleNames: { admin: 'Administrator', publisher: 'Publisher', member: 'Member' },
  people: {
    title: 'People',
    lead: 'Everybody who has an account here, and who has been invited to one.',
    invite: 'Invite somebody',
    search: 'Name or e-mail address',
    find: 'Search',
    list: 'People',
    found: 'People who were found',
    twoFactorOn: '2FA on',
    twoFactorOff: '2FA off',
    suspended: 'Suspended',
    invited: 'Invited',
    expired: 'Invitation expired',
    again: 'Invite again',
    againOf: (name: string) => `Invite again: ${name}`,
    nobody: (text: string) => `Nobody has “${text}” in their name or address.`,
    nobodyYet: (text: string) => `Nobody so far has “${text}” in their name or address.`,
    empty: 'There is nobody after this.',
    pages: 'More people',
    next: 'Next',
    goOn: 'Search on',
    first: 'Back to the beginning',
    everybody: 'Show everybody',
  },
  invite: {
    title: 'Invite somebody',
    lead: (lifetime: string) =>
      `They get a mail with a link that works for ${lifetime}, and choose their password themselves.`,
    name: 'Name',
    nameHint: 'They can change it when they accept.',
    email: 'E-mail address',
    emailTaken: 'Somebody here has this address already.',
    role: 'Role',
    roleHint:
      'Publishers also manage apps. Administrators also manage people, and must use two-factor authentication.',
    send: 'Send the invitation',
    cancel: 'Cancel',
    back: 'People',
  },
  again: {
    title: 'Send the invitation again?',
    lead: (name: string, email: string) =>
      `${name} gets a new link at ${email}. The links that were sent before stop working.`,
    nothing: 'There is no invitation to send',
    send: 'Send a new link',
    accepted: (name: string) => `${name} has accepted the invitation already.`,
    suspended: (name: string) => `${name} is suspended and can’t accept an invitation.`,
  },
};

export type AdminWords = typeof en;
