export const en = {
  title: (app: string) => `Try a sign-in to ${app}`,
  lead: 'You are asked what people who open the app are asked, and then see here what the app would be told. The app itself gets nothing.',
  asYouAre: 'Try it with your current sign-in',
  anew: 'Try it with password and second step',
  scopes: 'What is asked for',
  done: {
    title: (app: string) => `${app}: this is what the app is told`,
    lead: 'The sign-in worked. Its code was redeemed here and is used up.',
    idToken: 'ID token',
    idTokenLead: 'Signed, and good for an hour.',
    userinfo: 'Userinfo endpoint',
    userinfoLead: 'What the scopes name, as long as the session lasts.',
    claim: 'Claim',
    value: 'Value',
  },
  failed: {
    title: (app: string) => `${app}: the sign-in did not work`,
    lead: 'The app is told this, and nothing about the person:',
    error: 'Error',
    description: 'Description',
    lost: 'What came back doesn’t belong to a sign-in that was tried in this browser just now. Try again.',
  },
  again: 'Try again',
  back: (app: string) => `Back to ${app}`,
};

export type TryWords = typeof en;
