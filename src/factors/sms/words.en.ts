export const en = {
  defaultLabel: 'Phone',
  /** What protects the account: "an authenticator app and codes sent to your phone". */
  counted: 'codes sent to your phone',
  /** After the masked number. */
  off: 'text messages are off here',
  unserved: 'no messages are sent to its country',
  addLink: 'Add a phone for text messages',
  /** The message itself: exactly one run of six digits. */
  text: (code: string, brand: string) => `${code} is your code for ${brand}. Never share it with anyone.`,
  link: 'Use a text message',
  title: 'Get a code by text message',
  willSend: (number: string) => `We’ll send a code to your phone, at the number ending in ${number}.`,
  send: 'Send the code',
  typeTitle: 'Type the code from the message',
  prompt: 'One-time code',
  /** Followed by the time. */
  sentTo: (number: string) => `Sent to the number ending in ${number},`,
  wrong: 'That code is not right, or no longer valid. Type the one from the newest message.',
  button: 'Verify',
  sendAgain: 'Send a new code',
  enrolTitle: 'Set up codes by text message',
  enrolLead: 'You get a code on your phone whenever you sign in.',
  replaceTitle: 'Change your phone number',
  replaceLead: 'The number you have now keeps working until you have typed a code from the new one.',
  worth:
    'A text message is better than a password alone, but it can be intercepted or sent to somebody who has taken over your number. An authenticator app or a security key is safer.',
  country: 'Country',
  countryHint: 'Not needed if the number begins with +.',
  phone: 'Phone number',
  sendCode: 'Send a code',
  cancel: 'Cancel',
  sentToNumber: (number: string) => `We sent it to ${number}.`,
  otherNumber: 'Send it again, or to another number',
  saveTitle: 'Save your recovery codes',
  saveLead:
    'Each one lets you sign in once without your phone. Keep them somewhere else: on paper, or in a password manager.',
  label: 'Name of the phone',
  labelHint: 'Optional.',
  enable: 'Enable',
  add: 'Add phone',
  change: 'Change number',
};

export type SmsWords = typeof en;
