export const en = {
  signIn: {
    title: 'Sign in',
    email: 'E-mail address',
    password: 'Password',
    button: 'Sign in',
    forHelp:
      'Lost your phone, your keys and your recovery codes? Type your e-mail address and password first. Then you can ask for help.',
    forgot: 'Forgot password?',
    signUp: 'Create an account',
  },
};

export type SignInWords = typeof en;
