export type Library = typeof import('oidc-provider');

/** Only once somebody speaks OpenID Connect: a start must not wait for it. */
export function loadLibrary(): Promise<Library> {
  return import('oidc-provider');
}
