export const en = {
  title: 'Two-factor authentication',
  lead: (brand: string) =>
    `Signing in to ${brand} can take two things: your password, and something that you have. Whoever learns your password then still can’t get in.`,
  contents: 'On this page',
  enable: {
    title: 'Turn it on',
    lead: 'You need a phone with an authenticator app. Any will do: Google Authenticator, Microsoft Authenticator, 1Password, Aegis, Ente Auth, …',
    steps: [
      'Sign in, open Account, then Security, and choose “Enable 2FA”.',
      'Scan the QR code with the app. If you can’t, type the key that stands beside it. If you are on the phone itself, follow the link to the app.',
      'Save the ten recovery codes where you can reach them without your phone: in a password manager, or printed. Each works once.',
      'Type the six digits that the app shows, and choose “Enable”. It is on from that moment; before it, nothing has changed.',
    ],
    more: 'Add an app on a second device afterwards: then losing one of them doesn’t lock you out.',
    link: 'Go to Security',
  },
  signIn: {
    title: 'Sign in',
    steps: [
      'Type your e-mail address and password as before.',
      'Open the app and type the six digits. Spaces don’t matter.',
    ],
    wrongTitle: 'If the code is refused',
    wrong: [
      'Look for the entry with this site’s name and your e-mail address: an app may hold many.',
      'Wait for the next code: each works once, and for about half a minute.',
      'Set your phone’s clock to automatic. Codes are made from the time.',
      'After ten wrong codes in a row they are paused for 15 minutes. A recovery code still works.',
    ],
  },
  newPhone: {
    title: 'Get a new phone',
    steps: [
      'While you still have the old one, open Security, choose the app, then “Replace with a new app”.',
      'Scan the new QR code and type a code from the new phone. The old app works until that moment and not after it.',
    ],
    undo: 'We tell you by mail. A link in that mail brings the old app back for 24 hours.',
  },
  lost: {
    title: 'Lost your phone?',
    lead: 'Your recovery codes are for this.',
    steps: [
      'Sign in with your e-mail address and password.',
      'At the second step open “Having trouble?”, choose “Use a recovery code”, and type one that you have not used.',
      'Open Security and replace the app with one on your new phone. Then make new recovery codes.',
    ],
    nothing:
      'No codes either? At the second step open “Having trouble?” and choose “I lost everything”. We write to all your addresses and wait a day; then administrators, who make sure that it is you, can give you a temporary pass for setting up a new second step. It takes your password too: no link in a mail is ever enough, or whoever reads your mail could use it.',
  },
  disable: {
    title: 'Turn it off',
    steps: [
      'Open Security and choose “Turn off two-factor authentication”.',
      'Type your current password. Your authenticator apps and recovery codes are deleted at once, and you are signed out everywhere else.',
    ],
    required:
      'Where your organisation requires two-factor authentication it can’t be turned off, only changed to another phone or app.',
  },
  notYou: {
    title: 'A mail about something that you did not do',
    body: 'We write to you whenever your security changes. If it was not you, use “This wasn’t me” in that mail: whoever did it is signed out, and nothing more can be changed for 24 hours. Then choose a new password.',
  },
  support: {
    title: 'Still stuck?',
    /** An address follows. */
    write: 'Write to',
    never: 'Nobody there will ever ask for your password or a code.',
    administrator: 'Ask your administrator. Nobody will ever need your password or a code from you.',
  },
};

export type HelpWords = typeof en;
