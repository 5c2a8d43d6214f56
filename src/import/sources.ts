import { auth0 } from './auth0.ts';
import { betterAuth } from './better-auth.ts';
import { csv } from './csv.ts';
import { keycloak } from './keycloak.ts';
import type { Source } from './newcomer.ts';

/** Where accounts can come from: adding one is a file and a line here. */
export const SOURCES: Readonly<Record<string, Source>> = {
  keycloak,
  auth0,
  'better-auth': betterAuth,
  csv,
};
