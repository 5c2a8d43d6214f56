export const en = {
  subject: (brand: string) => `${brand} was restored from a backup`,
  body: (brand: string, instant: string) => [
    `Something went wrong with ${brand}, so it was restored to how it was on ${instant}. Everything that was changed after that is back to how it was: passwords, e-mail addresses, second steps, apps that may use your account.`,
    'You are signed out everywhere, and links in our earlier mails no longer work. Sign in as usual. If your authenticator app’s code is not accepted at first, wait two minutes and type the one that it shows then.',
  ],
  codes:
    'Your recovery codes no longer work, because nobody can tell any more which of them were used. Make new ones as soon as you have signed in.',
  again:
    'If you have changed your password since then, or removed a lost phone or key, please do so again: the old one works once more.',
  lead: 'Check your second steps here:',
  leadWithCodes: 'Check your second steps, and make new recovery codes, here:',
  label: 'Check my security',
};

export type RestoredWords = typeof en;
