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

export const DISCOVERY = '/.well-known/openid-configuration';
