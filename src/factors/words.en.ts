export const en = {
  signingInAs: (email: string) => `Signing in as ${email}`,
  confirming: (email: string) => `Confirm that it is you, ${email}`,
  trouble: 'Having trouble?',
  lost: (support: string | null) =>
    support
      ? `Lost everything? Write to ${support}.`
      : 'Lost everything? Your administrator can reset your two-factor authentication.',
  cancel: 'Sign in as somebody else',
};

export type FactorWords = typeof en;
