import { markOf } from '../kit/mark.ts';
import { type Acr, higherAcr } from '../sessions/session.ts';

export type ClientKind = 'oidc' | 'forward-auth' | 'api';

/** What a program may do through the management API (contract 6). */
export const API_SCOPES = [
  'accounts:read',
  'accounts:write',
  'audit:read',
  'store:write',
  'policy:write',
] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** An app that lets its people be signed in here, as everybody but its table sees it. */
export interface Client {
  /** The client_id. */
  readonly id: string;
  readonly kind: ClientKind;
  readonly name: string;
  readonly description: string;
  /** Where the App Store's tile leads; null: it has none. */
  readonly homeUrl: string | null;
  /** Without a secret: an app in a browser or on a phone, which could keep none. */
  readonly isPublic: boolean;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly backchannelLogoutUri: string | null;
  /** The protected host's origin; only of `forward-auth`. */
  readonly origin: string | null;
  /** What its people must have proven, by its own settings; `acrOf` says what holds. */
  readonly acr: Acr;
  /** From this instant on a second factor at least, by a sign-in rule; null: there is none. Epoch milliseconds. */
  readonly twoFactorFromAt: number | null;
  readonly scopes: readonly ApiScope[];
  /** Ids of the groups that may enter; empty: everybody. */
  readonly groupIds: readonly string[];
  readonly createdAt: number;
  readonly secretChangedAt: number | null;
}

/** What its people must have proven at this moment: by its settings, and by a sign-in rule that has begun. */
export function acrOf({ acr, twoFactorFromAt }: Pick<Client, 'acr' | 'twoFactorFromAt'>, now: number): Acr {
  return twoFactorFromAt !== null && twoFactorFromAt <= now ? higherAcr(acr, 'mfa') : acr;
}

/** What an administrator says of an app; the rest is made. */
export type ClientSettings = Pick<
  Client,
  | 'name'
  | 'description'
  | 'homeUrl'
  | 'redirectUris'
  | 'postLogoutRedirectUris'
  | 'backchannelLogoutUri'
  | 'origin'
  | 'acr'
  | 'scopes'
  | 'groupIds'
>;

/** Changes with every setting: by it, who changes an app says which they have seen. */
export function markOfSettings(client: ClientSettings): string {
  return markOf(client, Object.keys(NO_SETTINGS) as (keyof ClientSettings)[]);
}

/** Where everything that needn't be said begins. */
export const NO_SETTINGS: ClientSettings = {
  name: '',
  description: '',
  homeUrl: null,
  redirectUris: [],
  postLogoutRedirectUris: [],
  backchannelLogoutUri: null,
  origin: null,
  acr: 'pwd',
  scopes: [],
  groupIds: [],
};
