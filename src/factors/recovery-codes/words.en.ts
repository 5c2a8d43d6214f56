export const en = {
  name: 'Recovery code',
  prompt: 'Recovery code',
  promptHint:
    'One of the ten codes that you saved when you turned on two-factor authentication. Each works once.',
  button: 'Sign in',
  link: 'Use a recovery code',
  title: 'Recovery codes',
  lead: 'Each code signs you in once when you don’t have your phone or key.',
  proposedLead:
    'This is a new set, not yet in force. Save it first; then put it in force, and the codes you have now stop working.',
  save: 'Save these codes',
  makeValid: 'I have saved them: use these codes',
  copy: 'Copy',
  copied: 'Copied',
  download: 'Download',
  print: 'Print',
  cancel: 'Keep the codes I have',
};

export type RecoveryCodeWords = typeof en;
