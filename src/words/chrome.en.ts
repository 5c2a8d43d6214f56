/** The sentences that stand around every page, and on the page for an error. */
export const en = {
  skip: 'Skip to content',
  menu: 'Menu',
  areas: { account: 'Account', dashboard: 'Dashboard', 'app-store': 'App Store' },
  sections: {
    profile: 'Profile',
    email: 'E-mail addresses',
    password: 'Password',
    security: 'Security',
    sessions: 'Sessions',
    connected: 'Connected apps',
    activity: 'Activity',
    overview: 'Overview',
    people: 'People',
    groups: 'Groups',
    rules: 'Sign-in rules',
    apps: 'Apps',
    records: 'Records',
    recovery: 'Requests for help',
    store: 'Apps',
    publish: 'Publish',
    account: 'Your account',
    dashboard: 'Dashboard',
    'app-store': 'App Store',
  },
  signedInAs: 'Signed in as',
  signOut: 'Sign out',
  help: 'Help',
  privacy: 'Privacy',
  terms: 'Terms',
  support: 'Support',
  mailbox: 'Mailbox',
  local: 'Local mode: mails and text messages stay in the mailbox on this machine.',
  localMails: 'Local mode: mails stay in the mailbox on this machine. Text messages are sent.',
  show: 'Show',
  showPassword: 'Show password',
  hide: 'Hide',
  hidePassword: 'Hide password',
  errors: {
    request: { title: 'We can’t read this request', next: 'Go to the start page and try from there.' },
    forbidden: {
      title: 'This isn’t allowed',
      next: 'If you think that it should be, ask your administrator.',
    },
    missing: { title: 'There is nothing here', next: 'Check the address, or begin at the start page.' },
    conflict: { title: 'That can’t be done now', next: 'Nothing was changed.' },
    link: { title: 'This link can’t be used', next: 'Nothing was changed.' },
    wait: { title: 'Too many tries', next: 'This protects your account. Nothing in it was changed.' },
    away: { title: 'One moment, please', next: 'Your account is safe. Come back shortly.' },
    fault: { title: 'Something went wrong', next: 'Your account is safe. Try again in a moment.' },
  },
  coming: {
    sentence: (day: string) => `Your organisation requires two-factor authentication from ${day}.`,
    link: 'Turn it on now',
  },
  start: 'Go to the start page',
  writeToSupport: 'If it lasts, write to',
};

type Widen<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends (day: string) => string ? T[K] : Widen<T[K]>;
};
export type Chrome = Widen<typeof en>;
