import type { PersonalScope } from './scopes.ts';

interface Told {
  readonly email: string;
  /** Names of groups, joined; empty for none. */
  readonly groups: string;
}

const scopes: Record<PersonalScope, (told: Told) => string> = {
  openid: () => 'Know that it is you, and how you signed in',
  profile: () => 'See your name, language and time zone',
  email: ({ email }) => `See your e-mail address, ${email}`,
  groups: ({ groups }) => (groups === '' ? 'See which groups you belong to' : `See your groups: ${groups}`),
  offline_access: () => 'Keep this access when you are signed out',
};

const TOLD = 'The apps that you opened from here are told, so that they can sign you out too.';

export const en = {
  scopes,
  consent: {
    title: (app: string) => `Let ${app} use your account?`,
    lead: (app: string, host: string) => `${app} (${host}) would like to:`,
    untilSignOut: 'It can do so until you sign out here or remove its access under Connected apps.',
    offline:
      'It can do so until you remove its access under Connected apps, or until it hasn’t used it for 30 days.',
    unproven:
      'This app runs on your own device, where another program could use its name. Allow it only if you have just started it yourself.',
    allow: 'Allow',
    deny: 'Refuse',
    signedInAs: 'You are signed in as',
  },
  back: (app: string) => `Back to ${app}`,
  entry: {
    title: (app: string) => `${app} isn’t open to you`,
    body: 'Only certain groups may use it, and you belong to none of them. If that is wrong, talk to your administrator.',
  },
  other: {
    title: 'Another account is needed',
    body: (app: string, email: string) =>
      `You are signed in as ${email}, but ${app} expects another account of yours.`,
    switch: 'Sign in with another account',
  },
  choose: {
    title: 'Which account?',
    body: (app: string, email: string) => `You are signed in as ${email}. ${app} asks which account to use.`,
    only: 'Using another one signs you out of this one.',
    use: 'Continue with this account',
    switch: 'Use another account',
  },
  logout: {
    title: 'Sign out?',
    lead: (app: string, brand: string) => `${app} asks to sign you out of ${brand}. ${TOLD}`,
    leadAlone: (brand: string) => `You will be signed out of ${brand}. ${TOLD}`,
    button: 'Sign out',
    stay: 'Stay signed in',
  },
  errors: {
    title: 'This sign-in can’t go on',
    unknownApp:
      'We don’t know the app that sent you here. It may have been removed, or its settings are wrong.',
    wrongAddress:
      'The app asked us to send you to an address that it is not registered with. We stopped, so that nothing about you is sent there.',
    ended:
      'This sign-in has already been answered, was left open for too long, or began in another browser. Go back to the app and start again there.',
    malformed: 'The app asked in a way that we can’t answer.',
    next: 'Go back to the app and try again. If that doesn’t help, show this to whoever looks after the app:',
  },
  apps: {
    title: 'Connected apps',
    lead: 'Apps that you have allowed to use your account.',
    empty: 'You haven’t allowed any app to use your account yet. When you open one, it asks here first.',
    since: 'Allowed',
    last: 'last used',
    revoke: 'Remove access',
    revokeOf: (app: string) => `Remove access for ${app}`,
    question: (app: string) => `Remove access for ${app}?`,
    questionLead: (app: string) =>
      `${app} loses its access at once. You stay signed in here, and it asks you again the next time you open it.`,
    revokeButton: 'Remove access',
    cancel: 'Cancel',
  },
};

export type OidcWords = typeof en;
