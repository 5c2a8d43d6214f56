export const en = {
  signingInAs: (email: string) => `Signing in as ${email}`,
  confirming: (email: string) => `Confirm that it is you, ${email}`,
  trouble: 'Having trouble?',
  /** An address follows. */
  lostWrite: 'Lost everything? Write to',
  lostAsk: 'Lost everything? Your administrator can reset your two-factor authentication.',
  cancel: 'Sign in as somebody else',
  back: 'Cancel',
};

export type FactorWords = typeof en;
