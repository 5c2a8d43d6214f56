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
    lead: 'You become the first administrator. Administrators sign in with a second step: you set it up next.',
    button: 'Create administrator',
  },
  signUp: {
    title: 'Create an account',
    lead: 'We mail you a link; with it you choose your password.',
    button: 'Send me the link',
    haveOne: 'I have an account',
  },
  checkEmail: {
    title: 'Check your mail',
    lead: 'If the address can be used, a mail with a link is on its way to it.',
    wait: 'It may take a minute. If nothing comes, look among unwanted mail, check the address for mistakes, then ask again.',
    mailbox: 'Open the local mailbox',
  },
  invitation: {
    title: (brand: string) => `Welcome to ${brand}`,
    lead: (email: string) => `Choose how you are called and a password for ${email}. Then sign in.`,
    button: 'Create my account',
  },
  enrol: {
    title: 'Is it you?',
    lead: (email: string) =>
      `Somebody who knows the password of ${email} is setting up a second step in this browser. If that is you, go on.`,
    warning:
      'If it is not you, close this page and change your password: nothing happens without this button.',
    button: 'It is me: continue',
  },
  forgot: {
    title: 'Forgot your password?',
    lead: 'Type your e-mail address, or your recovery address. We mail you a link with which you choose a new password.',
    button: 'Send me the link',
  },
  reset: {
    title: 'Choose a new password',
    lead: (email: string) => `For ${email}. Every session ends; your second step stays as it is.`,
    button: 'Save password',
  },
};

export type AccountWords = typeof en;
