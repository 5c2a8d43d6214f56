/** Where the protocol is spoken; below the issuer, which is BASE_URL. */
export const PATHS = {
  authorization: '/oidc/authorize',
  token: '/oidc/token',
  userinfo: '/oidc/userinfo',
  jwks: '/oidc/jwks',
  revocation: '/oidc/revoke',
  introspection: '/oidc/introspect',
  end_session: '/oidc/logout',
  /** Ours. */
  interaction: '/oidc/interaction',
} as const;

/** In the Dashboard: an administrator tries a sign-in to an app, and comes back with what it would be told. */
export const TRY = '/admin/apps/:id/try';
export const TRIED = '/admin/apps/tried';

export const DISCOVERY = '/.well-known/openid-configuration';
