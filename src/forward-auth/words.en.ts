export const en = {
  closed: {
    title: (app: string) => `${app} isn’t open to you`,
    body: 'Only certain groups may use it, and you belong to none of them. If that is wrong, talk to your administrator.',
    signedInAs: 'You are signed in as',
    away: (brand: string) => `Go to ${brand}`,
  },
  proof: {
    needsFactor: (app: string) => `${app} asks for a second step`,
    needsKey: (app: string) => `${app} asks for a key`,
    factor:
      'This app is open only to accounts with two-factor authentication, and it isn’t on for yours yet. Set it up: it takes a minute. Then come back to this page.',
    setUp: 'Set up two-factor authentication',
    key: 'This app is open only to people who sign in with a security key or a passkey, and you have none yet. Add one: the fingerprint reader or face recognition of this device may be enough. Then come back to this page.',
    addKey: 'Add a security key or passkey',
    useKey:
      'This app is open only to people who sign in with a security key or a passkey. Confirm that it is you, and choose your key at the second step.',
    confirm: 'Confirm with a key',
    done: 'I’ve done that: continue',
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
