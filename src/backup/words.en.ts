export const en = {
  subject: (brand: string) => `${brand} was restored from a backup`,
  body: (brand: string, instant: string) => [
    `Something went wrong with ${brand}, and it went back to how it was on ${instant}. Whatever was changed after that is as it was before: passwords, e-mail addresses, second steps, apps that may use your account.`,
    'You are signed out everywhere, and links in our earlier mails no longer work. Sign in as usual. If your authenticator app’s code is not accepted at first, wait two minutes and type the one that it shows then.',
  ],
  codes:
    'Your recovery codes no longer work, since nobody can tell any more which of them were used. Make new ones as soon as you are signed in.',
  again:
    'If you have changed your password since then, or removed a lost phone or key, please do it again: what you had before counts once more.',
  lead: 'Check your second steps here:',
  leadWithCodes: 'Check your second steps, and make new recovery codes, here:',
  label: 'Check my security',
};

export type RestoredWords = typeof en;
