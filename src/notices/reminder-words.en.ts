export const en = {
  subject: (day: string) => `Two-factor authentication is required from ${day}`,
  body: (brand: string, instant: string) => [
    `Your organisation has decided that signing in to ${brand} takes two steps from ${instant} on: your password, and something that only you have, such as an app on your phone.`,
    'You have not turned it on yet. It takes a minute. After that day, signing in first leads to setting it up.',
  ],
  bodyNow: (brand: string) => [
    `Your organisation has decided that signing in to ${brand} takes two steps: your password, and something that only you have, such as an app on your phone.`,
    'You have not turned it on yet, so the next time that you sign in you are led to it. It takes a minute.',
  ],
  lead: 'Turn it on here:',
  label: 'Turn it on',
};

export type ReminderWords = typeof en;
