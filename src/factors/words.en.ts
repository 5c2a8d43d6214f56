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
};

export type FactorWords = typeof en;
