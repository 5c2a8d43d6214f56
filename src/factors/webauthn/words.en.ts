export const en = {
  title: 'Use your security key',
  lead: 'Touch the key, or use the fingerprint, face or PIN of this device. Your browser shows how.',
  button: 'Use security key',
  link: 'Use a security key or passkey',
  noScript: 'Security keys need JavaScript, which is not running in this browser. You can still use:',
  name: 'Security key',
  counted: (count: number) => (count === 1 ? 'a security key' : `${count} security keys`),
  addLink: 'Add a security key or passkey',
  synced: 'synced between your devices',
  onDevice: 'on this key or device only',
  elsewhere: (host: string) => `works only at ${host}`,
  addTitle: 'Add a security key or passkey',
  replaceTitle: 'Replace your security key',
  addLead:
    'A key to plug in or hold near, the fingerprint or face of this device, Windows Hello, or a passkey on your phone.',
  replaceLead: 'The key you have now keeps working until the new one is added.',
  demanding:
    'Your organisation accepts only certain models of keys. If your browser asks to show the model of yours, allow it.',
  label: 'Name of the key',
  labelHint: 'Optional. Without a name, the key is called by its model.',
  add: 'Add key',
  replace: 'Replace key',
  cancel: 'Cancel',
  addNoScript: 'Adding a key needs JavaScript, which is not running in this browser.',
  appNoScript: 'An authenticator app works without it:',
  codesTitle: 'Save your recovery codes',
  codesLead:
    'Each one lets you sign in once without your key. Keep them somewhere else: on paper, or in a password manager.',
  touchTitle: 'Add your key',
  noName:
    'Security keys work only on a site with a host name, and the address of this one is a number. Ask whoever runs it for a name such as id.example.org.',
  otherFirst:
    'Set up an authenticator app first. Then you can add a key as well, and losing one of them won’t lock you out.',
  setUpApp: 'Set up an authenticator app',
  anyFirst:
    'Set up another method first. Then you can add a key as well, and losing one of them won’t lock you out.',
  setUpOther: 'See what can be set up',
  passkey: 'Sign in with a passkey',
  ceremony: {
    busy: 'Follow the steps in your browser.',
    cancelled: 'Nothing was confirmed. Press the button to try again.',
    slow: 'That took too long. Press the button to try again.',
    known: 'This key has already been added.',
    failed: 'This browser could not use the key. Try again, or use another way.',
    unsupported: 'This browser can’t use security keys or passkeys.',
  },
};

export type WebauthnWords = typeof en;
