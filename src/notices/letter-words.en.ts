/** The letters that carry a link somebody asked for: subject, sentences, and the words before and on the link. */
export const en = {
  invitation: {
    subject: (brand: string) => `Your invitation to ${brand}`,
    body: (brand: string) => [
      `An account at ${brand} has been created for you. Choose a password to get started.`,
    ],
    lead: (lifetime: string) =>
      `Open this page to choose your password. The link works once, within ${lifetime}.`,
    label: 'Choose a password',
  },
  sign_up_invitation: {
    subject: (brand: string) => `Confirm your e-mail address for ${brand}`,
    body: (brand: string) => [
      `Somebody, hopefully you, asked for an account at ${brand} with this address.`,
      'If it was not you, ignore this mail: no account is created unless the link is used.',
    ],
    lead: (lifetime: string) =>
      `Open this page to choose your name and password. The link works once, within ${lifetime}.`,
    label: 'Create your account',
  },
  sign_up_existing: {
    subject: (brand: string) => `You already have an account at ${brand}`,
    body: (brand: string) => [
      `Somebody, hopefully you, tried to create an account at ${brand} with this address, but it already has one. Nothing was changed.`,
    ],
    lead: () => 'Sign in here:',
    label: 'Sign in',
    forgotten: { lead: 'If you have forgotten your password:', label: 'Choose a new password' },
  },
  reset_link: {
    subject: (brand: string) => `Choose a new password for ${brand}`,
    body: () => [
      'Somebody, hopefully you, asked for a new password for this address.',
      'If it was not you, ignore this mail: your password stays as it is. Your second step stays the same in any case.',
    ],
    lead: (lifetime: string) =>
      `Open this page to choose a new password. The link works once, within ${lifetime}; a newer one replaces it.`,
    label: 'Choose a new password',
  },
  admin_reset_link: {
    subject: (brand: string) => `Choose a new password for ${brand}`,
    body: (brand: string) => [
      `An administrator of ${brand} asks you to choose a new password, and has ended your sessions.`,
      'Your old password works until you have chosen a new one. Your second step stays as it is.',
    ],
    lead: (lifetime: string) =>
      `Open this page to choose a new password. The link works once, within ${lifetime}; a newer one replaces it.`,
    label: 'Choose a new password',
  },
  email_change_link: {
    subject: (brand: string) => `Confirm your new e-mail address for ${brand}`,
    body: (brand: string) => [
      `Somebody, hopefully you, wants to use this address for an account at ${brand}.`,
      'If it was not you, ignore this mail: nothing changes unless the link is used.',
    ],
    lead: (lifetime: string) =>
      `Open this page in the browser where you are signed in. The link works once, within ${lifetime}.`,
    label: 'Confirm this address',
  },
  enrol_link: {
    subject: (brand: string) => `Set up your second step at ${brand}`,
    body: () => [
      'Your organisation requires two-factor authentication. This mail makes sure that it is you who sets it up.',
      'If you are not signing in right now, somebody knows your password: change it, and do not open the link.',
    ],
    lead: (lifetime: string) =>
      `Open this page in the browser where you are signing in. The link works once, within ${lifetime}.`,
    label: 'Continue the set-up',
  },
};
