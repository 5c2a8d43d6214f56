export const en = {
  subject: (day: string) => `Two-factor authentication is required from ${day}`,
  body: (brand: string, instant: string) => [
    `Your organisation has decided that signing in to ${brand} takes two steps from ${instant} on: your password, and something that only you have, such as an app on your phone.`,
    'You have not turned it on yet. It takes a minute. After that day, you set it up before you can sign in.',
  ],
  bodyNow: (brand: string) => [
    `Your organisation has decided that signing in to ${brand} takes two steps: your password, and something that only you have, such as an app on your phone.`,
    'You have not turned it on yet, so you set it up the next time you sign in. It takes a minute.',
  ],
  lead: 'Turn it on here:',
  label: 'Turn it on',
};

export type ReminderWords = typeof en;
