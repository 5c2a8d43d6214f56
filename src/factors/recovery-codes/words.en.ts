export const en = {
  name: 'Recovery code',
  prompt: 'Recovery code',
  promptHint:
    'One of the ten codes that you saved when you turned on two-factor authentication. Each works once.',
  button: 'Verify',
  link: 'Use a recovery code',
  title: 'Recovery codes',
  proposedLead:
    'These codes are new and don’t work yet. Save them, then press the button below them: from then on they work, and the ones you have now don’t.',
  makeValid: 'I have saved them: use these',
  copy: 'Copy',
  copied: 'Copied',
  download: 'Download',
  print: 'Print',
  cancel: 'Keep the ones I have',
};

export type RecoveryCodeWords = typeof en;
