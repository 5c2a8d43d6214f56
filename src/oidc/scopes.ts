/** What an app may ask for on behalf of a person. */
export const PERSONAL_SCOPES = ['openid', 'profile', 'email', 'groups', 'offline_access'] as const;
export type PersonalScope = (typeof PERSONAL_SCOPES)[number];

/** Scope -> the claims that come with it. Those of `openid` stand in ID tokens, the others at the userinfo endpoint. */
export const SCOPE_CLAIMS = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'],
  profile: ['name', 'locale', 'zoneinfo'],
  email: ['email', 'email_verified'],
  groups: ['groups'],
} as const;

export const inWords = (text: string): string[] => text.split(' ').filter((word) => word !== '');
