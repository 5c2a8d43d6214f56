export const en = {
  title: 'Type the code from your app',
  prompt: 'One-time code',
  /** Around the time at which the app was added. */
  /** `label` null: the person has given it no name. */
  promptHint: (entry: string, label: string | null): readonly [string, string] => [
    `Open your authenticator app and use the entry “${entry}”, added `,
    label === null ? '.' : ` on “${label}”.`,
  ],
  promptHintPreferred: (entry: string, label: string) =>
    `Open your authenticator app and use the entry “${entry}” on “${label}”. Your other apps work too.`,
  promptHintMany: (entry: string) => `Open your authenticator app and use the entry “${entry}”.`,
  button: 'Verify',
  link: 'Use your authenticator app',
  help: [
    'Is it the right entry? The app shows one for each account.',
    'Is the phone’s clock set automatically? Codes depend on it.',
    'A code works once, and for 30 seconds.',
  ],
  enrolTitle: 'Set up an authenticator app',
  replaceTitle: 'Replace your authenticator app',
  enrolLead:
    'Any app that makes one-time codes will do: your password manager, or a free app such as Google Authenticator or Aegis.',
  replaceLead: 'The app you have now keeps working until you have typed a code from the new one.',
  scanTitle: 'Scan this code with your app',
  scanAlt: 'QR code for your authenticator app',
  scanAgainst: 'Can’t scan it? Type this key into the app:',
  onThisDevice: 'Is the app on this device?',
  openApp: 'Open my authenticator app',
  saveTitle: 'Save your recovery codes',
  saveLead:
    'Each one lets you sign in once without your phone. Keep them somewhere else: on paper, or in a password manager.',
  copy: 'Copy key',
  copied: 'Copied',
  typeTitle: 'Type the code that the app shows',
  label: 'Name of the app or phone',
  labelHint: 'Optional. It helps to tell your apps apart.',
  defaultLabel: 'Authenticator app',
  counted: (count: number) => (count === 1 ? 'an authenticator app' : `${count} authenticator apps`),
  addLink: 'Add an authenticator app',
  enable: 'Enable',
  add: 'Add app',
  replace: 'Replace',
  cancel: 'Cancel',
};

export type TotpWords = typeof en;
