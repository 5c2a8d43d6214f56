export const en = {
  signingInAs: (email: string) => `Signing in as ${email}`,
  confirming: (email: string) => `Confirm that it is you, ${email}`,
  trust: (days: number) => `Don't ask again in this browser for ${days === 1 ? 'a day' : `${days} days`}`,
  trouble: 'Having trouble?',
  lost: 'I lost everything',
  /** An address follows. */
  lostWrite: 'Lost everything? Write to',
  lostAsk: 'Lost everything? Your administrator can reset your two-factor authentication.',
  cancel: 'Sign in as somebody else',
  back: 'Cancel',
  /** What an app asks for, and its person has not proven. */
  lacking: {
    title: {
      mfa: (app: string) => `${app} asks for a second step`,
      phr: (app: string) => `${app} asks for a key`,
    },
    factor:
      'This app is open only to accounts with two-factor authentication, and it isn’t on for yours yet. Set it up: it takes a minute. Then come back to this page.',
    setUp: 'Set up two-factor authentication',
    key: 'This app is open only to people who sign in with a security key or a passkey, and you have none yet. Add one: the fingerprint reader or face recognition of this device may be enough. Then come back to this page.',
    addKey: 'Add a security key or passkey',
    useKey:
      'This app is open only to people who sign in with a security key or a passkey. Confirm that it is you, and choose your key at the second step.',
    confirm: 'Confirm with a key',
    done: 'I’ve done that: continue',
  },
};

export type FactorWords = typeof en;
