export const en = {
  signIn: {
    title: 'Sign in',
    email: 'E-mail address',
    password: 'Password',
    button: 'Sign in',
    forgot: 'Forgot password?',
    signUp: 'Create an account',
  },
};

export type SignInWords = typeof en;
