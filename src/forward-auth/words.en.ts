export const en = {
  closed: {
    title: (app: string) => `${app} isn’t open to you`,
    body: 'Only certain groups may use it, and you belong to none of them. If that is wrong, talk to your administrator.',
    signedInAs: 'You are signed in as',
    away: (brand: string) => `Go to ${brand}`,
  },
  going: {
    title: (app: string) => `On to ${app}`,
    body: 'You are signed in. If the next page doesn’t open by itself, open it here.',
    go: (app: string) => `Open ${app}`,
  },
  unknown: {
    title: 'This host isn’t registered',
    body: (brand: string) =>
      `A proxy asks ${brand} who may enter here, but ${brand} doesn’t know this host: no app is registered with it, or the proxy isn’t one of the trusted ones.`,
  },
  failed: {
    title: 'This sign-in can’t go on',
    body: 'It was already used, took too long, or began in another browser. It also fails if this browser blocks cookies.',
    again: 'Start again',
  },
  signOut: {
    title: (app: string) => `Sign out of ${app}?`,
    body: (brand: string) => `You stay signed in to ${brand}, and could come back without typing anything.`,
    button: 'Sign out',
    stay: 'Stay signed in',
  },
  signedOut: {
    title: (app: string) => `You are signed out of ${app}`,
    body: (brand: string) =>
      `You may still be signed in to ${brand}. On a computer that others use, sign out there too.`,
    elsewhere: (brand: string) => `Sign out of ${brand}`,
    again: (app: string) => `Open ${app} again`,
  },
};

export type ForwardAuthWords = typeof en;
