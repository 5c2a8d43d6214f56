export const en = {
  name: 'Name',
  email: 'E-mail address',
  password: 'Password',
  newPassword: 'New password',
  passwordHint: (min: number) =>
    `At least ${min} characters. Four words that don’t belong together are easy to remember.`,
  signIn: 'Back to sign-in',
  setUp: {
    title: (brand: string) => `Set up ${brand}`,
    lead: 'You will be the first administrator. Administrators sign in with a second step, which you set up next.',
    button: 'Create administrator',
  },
  signUp: {
    title: 'Create an account',
    lead: 'We’ll mail you a link. Open it to choose your password.',
    button: 'Send me the link',
    haveOne: 'I already have an account',
  },
  checkEmail: {
    title: 'Check your mail',
    lead: 'If the address can be used, a mail with a link is on its way.',
    wait: 'It may take a minute. If nothing arrives, look in your spam folder, check the address for mistakes, then ask again.',
    mailbox: 'Open the local mailbox',
  },
  invitation: {
    title: (brand: string) => `Welcome to ${brand}`,
    lead: (email: string) => `Choose a password for ${email}. Then you can sign in.`,
    button: 'Create my account',
  },
  enrol: {
    title: 'Is it you?',
    lead: (email: string) =>
      `Somebody who knows the password of ${email} is setting up a second step in this browser.`,
    warning: 'If it isn’t you, don’t press the button: close this page and change your password.',
    button: 'Yes, it’s me',
  },
  forgot: {
    title: 'Forgot your password?',
    lead: 'Type your e-mail address, or your recovery address. We’ll mail you a link to choose a new password.',
    button: 'Send me the link',
  },
  reset: {
    title: 'Choose a new password',
    lead: (email: string) =>
      `For ${email}. You will be signed out everywhere; your second step stays as it is.`,
    button: 'Save password',
  },
};

export type AccountWords = typeof en;
