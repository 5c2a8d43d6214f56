export const en = {
  data: {
    title: 'Your data',
    lead: 'Everything that is kept about you here, in one file.',
    holds: [
      'Your account: name, addresses, language, roles, groups, and when it was created.',
      'Your second step: what you set up and when it was last used. The file contains no secrets.',
      'Where you are or have been signed in, and what has happened in your account.',
      'The apps that know you, and what you have allowed them to do.',
    ],
    format: 'It is a JSON file, which other programs can read. It names you, so keep it somewhere private.',
    button: 'Download your data',
  },
  delete: {
    title: 'Delete your account',
    lead: 'Your account is closed at once, and erased for good 7 days later.',
    goes: 'What goes',
    list: [
      'Your name, addresses, password, second step and recovery codes.',
      'Your sign-ins, here and in every app that you open with this account. Those apps decide for themselves what they keep.',
      'Your groups, and with them access to whatever only their members may open.',
    ],
    wayBack: (days: number) =>
      `For ${days} days a link in the mail that we send you brings everything back. After that nobody can, not even an administrator.`,
    stays: 'The records keep what happened, under a number that no longer leads to you.',
    download: 'Before you go, you may want a copy of everything:',
    confirmation: (email: string) => `To confirm, type your e-mail address: ${email}`,
    password: 'Your current password',
    button: 'Delete my account',
    cancel: 'Keep my account',
    last: 'You are the only administrator. Make somebody else one first: without an administrator nobody could look after the accounts.',
  },
  back: 'Profile',
};

export type LeavingWords = typeof en;
