const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five'];

export const en = {
  overview: {
    title: 'Security',
    heading: 'Two-factor authentication',
    off: 'Your account is protected by your password alone. Whoever learns it can sign in as you.',
    offLead: 'With two-factor authentication, signing in also takes a code from your phone.',
    enable: 'Enable 2FA',
    apps: (count: number) =>
      count === 1 ? 'an authenticator app' : `${NUMBERS[count] ?? count} authenticator apps`,
    on: (factors: string) => `Your account is protected by ${factors}.`,
    safe: 'Losing your phone would not lock you out: you have recovery codes.',
    oneCode: 'If you lost your phone, you would have one recovery code left. Make new ones.',
    atRisk: 'Losing your phone would lock you out: you have no recovery codes left. Make new ones now.',
    factors: 'Your second step',
    noFactors: 'Nothing yet.',
    added: 'Added',
    used: 'last used',
    never: 'never used',
    preferred: 'asked first',
    suspended: 'suspended',
    manage: 'Manage',
    addApp: 'Add another app',
    codes: 'Recovery codes',
    codesLeft: (left: number) => (left === 1 ? '1 of 10 left' : `${left} of 10 left`),
    codesMade: 'Made',
    newCodes: 'Make new codes',
    disable: 'Turn off two-factor authentication',
    required: 'Your organisation requires two-factor authentication for your role.',
  },
  mustEnrol: {
    title: 'Turn on two-factor authentication',
    lead: 'Your organisation requires it for your role. It takes a minute, and then you are in.',
    proveTitle: 'First, a link in your mail',
    prove: (email: string) =>
      `We sent a link to ${email}. Open it in this browser. It proves that it is you: your password alone must not be enough to set up a second step.`,
    again: 'Send the link again',
  },
  factor: {
    title: 'Authenticator app',
    label: 'Name',
    save: 'Save',
    replace: 'Replace with a new app',
    replaceLead:
      'For a new phone. The app you have now keeps working until you have typed a code from the new one.',
    order: 'Asked for first',
    orderLead: 'You have several. Signing in begins with the one that you prefer; the others work too.',
    prefer: 'Ask for this one first',
    isPreferred: 'Signing in begins with this one; the others work too.',
    remove: 'Remove',
    removeLead: 'Codes from this app stop working at once.',
    removeLast: 'This is your only second step. Removing it turns two-factor authentication off.',
    back: 'Security',
  },
  disable: {
    title: 'Turn off two-factor authentication',
    lead: 'From then on, your password alone is enough to sign in.',
    goes: 'This deletes at once:',
    list: ['your authenticator apps', 'your recovery codes'],
    sessions: 'You stay signed in here and are signed out everywhere else. We tell you by mail.',
    password: 'Current password',
    button: 'Turn off two-factor authentication',
    cancel: 'Keep it on',
    required:
      'Your organisation requires two-factor authentication for your role, so it can’t be turned off.',
  },
  confirm: {
    title: 'Confirm that it is you',
    lead: 'You are about to see or change something that protects your account. Type your password again.',
    password: 'Password',
    button: 'Continue',
    cancel: 'Cancel',
  },
};

export type SecurityWords = typeof en;
