export const en = {
  title: 'Use your security key',
  lead: 'Touch the key, or use the fingerprint, face or PIN of this device. Your browser shows how.',
  button: 'Use security key',
  link: 'Use a security key or passkey',
  noScript: 'Security keys need JavaScript, which this browser does not run here. These ways need none:',
  name: 'Security key',
  counted: (count: number) => (count === 1 ? 'a security key' : `${count} security keys`),
  addLink: 'Add a security key or passkey',
  synced: 'synced between your devices',
  onDevice: 'on this key or device only',
  elsewhere: (host: string) => `works at ${host} only`,
  addTitle: 'Add a security key or passkey',
  replaceTitle: 'Replace your security key',
  addLead:
    'A key to plug in or hold near, the fingerprint or face of this device, Windows Hello, or a passkey on your phone.',
  replaceLead: 'The key you have now keeps working until the new one is added.',
  demanding:
    'Your organisation accepts certain models of keys only. If your browser asks whether it may show the model of yours, allow it.',
  label: 'Name of the key',
  labelHint: 'Optional. Without one it is called by its model.',
  add: 'Add key',
  replace: 'Replace key',
  cancel: 'Cancel',
  addNoScript: 'Adding a key needs JavaScript, which this browser does not run here.',
  appNoScript: 'An authenticator app needs none:',
  codesTitle: 'Save your recovery codes',
  codesLead:
    'Each one signs you in once when you don’t have your key. Keep them where the key is not: on paper, or in a password manager.',
  touchTitle: 'Add your key',
  noName:
    'Security keys need this site to have a name, and its address is a number. Ask whoever runs it for a host name, such as id.example.org.',
  otherFirst:
    'Set up an authenticator app first. Then a key can be added beside it, and losing one doesn’t lock you out.',
  setUpApp: 'Set up an authenticator app',
  anyFirst:
    'Set up another method first. Then a key can be added beside it, and losing one doesn’t lock you out.',
  setUpOther: 'See what can be set up',
  passkey: 'Sign in with a passkey',
  ceremony: {
    busy: 'Follow what your browser asks.',
    cancelled: 'Nothing was confirmed. Press the button to try again.',
    slow: 'That took too long. Press the button to try again.',
    known: 'This key has been added already.',
    failed: 'This browser could not use the key. Try again, or use another way.',
    unsupported: 'This browser can’t use security keys or passkeys.',
  },
};

export type WebauthnWords = typeof en;
