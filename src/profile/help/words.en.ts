export const en = {
  title: 'Two-factor authentication',
  lead: (brand: string) =>
    `Signing in to ${brand} can take two things: your password, and something that you have. Then someone who learns your password still can’t get in.`,
  contents: 'On this page',
  enable: {
    title: 'Turn it on',
    lead: 'You need a phone with an authenticator app. Any will do: Google Authenticator, Microsoft Authenticator, 1Password, Aegis, Ente Auth, …',
    steps: [
      'Sign in, open Account, then Security, and choose “Enable 2FA”.',
      'Scan the QR code with the app. If you can’t, type the key shown beside it. If you are on the phone itself, follow the link to the app.',
      'Save the ten recovery codes where you can reach them without your phone: in a password manager, or printed. Each works once.',
      'Type the six digits that the app shows, and choose “Enable”. It is on from that moment. Until then, nothing changes.',
    ],
    more: 'Afterwards, add something that is not on your phone, such as a security key. Then losing the phone won’t lock you out.',
    link: 'Go to Security',
  },
  others: {
    title: 'Other second steps',
    lead: 'You’ll find them under Security, next to the ones that you already have.',
    kinds: [
      {
        name: 'Security key, fingerprint, face or Windows Hello',
        what: 'Give it a name if you like, choose “Add key”, and follow the steps in your browser. It is the safest of all: it answers only to this site, never to a copy of it.',
      },
      {
        name: 'Passkey',
        what: 'A key that checks that it is you, by your fingerprint, your face or a PIN, can also sign you in by itself: choose “Sign in with a passkey”. You don’t type a password or a code.',
      },
      {
        name: 'Text message',
        what: 'Type your phone number, then the code that we send to it. It needs no app, but a message can be intercepted. If it isn’t offered, your organisation hasn’t set it up.',
      },
    ],
  },
  signIn: {
    title: 'Sign in',
    steps: [
      'Type your e-mail address and password as before.',
      'Open the app and type the six digits. Spaces don’t matter.',
      'Or use what you have instead. For a key, choose “Use security key” and touch it. For a text message, choose “Send the code” and type the code that arrives.',
    ],
    preferred:
      'Do you have several? Under Security, choose one and then “Ask for this one first”. The others are under “Having trouble?”.',
    wrongTitle: 'If the code is refused',
    wrong: [
      'Look for the entry with this site’s name and your e-mail address: an app can hold many.',
      'Wait for the next code: each works once, and for about half a minute.',
      'Set your phone’s clock to automatic. Codes are made from the time.',
      'After ten wrong codes in a row they are paused for 15 minutes. A security key or a recovery code still works.',
      'No text message? Ask for a new one after a minute; you can have only a few in an hour. Only the newest code works, and only for a few minutes.',
    ],
  },
  trusted: {
    title: 'Trusted browsers',
    lead: "On a device that only you use, tick “Don't ask again in this browser” at the second step. Your password is then enough there for a while.",
    ends: 'You’ll find these browsers under Security, where “Ask again” ends it for one of them. Any change of your password or your second step ends it for all of them. Before you change something that protects your account, we always ask.',
  },
  newPhone: {
    title: 'Get a new phone or number',
    steps: [
      'While you still have the old one, open Security, then “Manage” beside the app or the phone, then “Replace”.',
      'Scan the new QR code or type the new number. Then type a code from it. From that moment the old one no longer works.',
    ],
    undo: 'We’ll tell you by mail. For 24 hours, a link in that mail can bring the old one back.',
  },
  lost: {
    title: 'Lost your phone or key?',
    lead: 'Sign in with another of your second steps, or with a recovery code.',
    steps: [
      'Sign in with your e-mail address and password.',
      'At the second step open “Having trouble?”, choose another way or “Use a recovery code”, and type one that you have not used.',
      'Open Security and replace or remove what you lost. Then make new recovery codes.',
    ],
  },
  everything: {
    title: 'Lost everything?',
    lead: 'If you have no second step and no recovery code left, administrators can help you back in.',
    steps: [
      'Sign in with your password. At the second step open “Having trouble?” and choose “I lost everything”.',
      'We write to all your addresses and wait a day. If it was not you who asked, cancel it with the link in the mail.',
      'Then administrators make sure that it is you, and can give you a temporary pass. It comes by mail and works for an hour.',
      'Open its link, type your password, and set up a new second step. The old one and its recovery codes are deleted.',
    ],
    why: 'The pass works only with your password: a link in a mail is never enough by itself, or whoever reads your mail could use it.',
  },
  disable: {
    title: 'Turn it off',
    steps: [
      'To disable two-factor authentication, open Security and choose “Turn off two-factor authentication”.',
      'Type your current password. Every second step, your recovery codes and your trusted browsers are deleted at once, and you are signed out everywhere else.',
    ],
    required:
      'If your organisation requires two-factor authentication, you can’t turn it off, but you can change to another phone, app or key.',
  },
  notYou: {
    title: 'A mail about something that you did not do',
    body: "We write to you whenever your security changes. If it was not you, use “This wasn't me” in that mail: whoever did it is signed out, and nothing more can be changed for 24 hours. Then choose a new password.",
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
