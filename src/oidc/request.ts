import type { Acr } from '../sessions/session.ts';
import { firstLocale, type Locale } from '../words/locale.ts';
import { type AskedClaim, demandedAcr, namedIn, type Request } from './rules.ts';
import { inWords, PERSONAL_SCOPES, SCOPE_CLAIMS } from './scopes.ts';

/** Claims that say who somebody is; those of `openid` say how they signed in, and every app may know that. */
const PERSONAL: readonly string[] = [...SCOPE_CLAIMS.profile, ...SCOPE_CLAIMS.email, ...SCOPE_CLAIMS.groups];

/** The parameters of an authorization request that the library has checked: one text each. */
export type Params = Readonly<Record<string, string | undefined>>;

interface AskedClaims {
  readonly id_token?: Readonly<Record<string, AskedClaim | null>>;
  readonly userinfo?: Readonly<Record<string, unknown>>;
}

/** What it demands of its person. `own`: the app's own rule. */
export function readRequest(params: Params, own: Acr | null): Request {
  const claims = askedClaims(params);
  const hinted = params['id_token_hint'] === undefined ? [] : [[subjectOf(params['id_token_hint'])]];
  const named = namedIn(claims.id_token?.['sub'] ?? {});
  return {
    prompts: new Set(inWords(params['prompt'] ?? '')),
    maxAge: params['max_age'] === undefined ? null : Number(params['max_age']),
    subjects: named ? [...hinted, named] : hinted,
    demand: demandedAcr(own, params['acr_values'], claims.id_token?.['acr'] ?? null),
  };
}

/** What the pages should speak that come before somebody is signed in. */
export function askedLocale({ ui_locales }: Params): Locale | null {
  return firstLocale(inWords(ui_locales ?? ''));
}

function askedClaims({ claims }: Params): AskedClaims {
  return claims === undefined ? {} : (JSON.parse(claims) as AskedClaims);
}

/** Single claims about a person, in whatever token, that are asked for besides those of the scopes. */
export function claimsToAllow(params: Params): string[] {
  const { id_token = {}, userinfo = {} } = askedClaims(params);
  const names = new Set([...Object.keys(id_token), ...Object.keys(userinfo)]);
  return [...names].filter((name) => PERSONAL.includes(name));
}

/** Scopes of ours that are asked for; whatever else stands there gives nothing. */
export function scopesToAllow(params: Params): string[] {
  const asked = new Set(inWords(params['scope'] ?? ''));
  return PERSONAL_SCOPES.filter((scope) => asked.has(scope));
}

/** True when all that is asked for has been allowed. */
export function isCovered(params: Params, allowed: { scope: string; claims: string }): boolean {
  const scopes = inWords(allowed.scope);
  const claims = inWords(allowed.claims);
  return (
    scopesToAllow(params).every((scope) => scopes.includes(scope)) &&
    claimsToAllow(params).every((claim) => claims.includes(claim))
  );
}

/** Of an ID token whose signature has been checked. */
function subjectOf(idToken: string): string {
  const payload = Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString();
  const { sub } = JSON.parse(payload) as { sub?: unknown };
  return typeof sub === 'string' ? sub : '';
}
