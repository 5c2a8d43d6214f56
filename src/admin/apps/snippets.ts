import type { Client } from '../../clients/client.ts';

/** A piece of configuration or code with an app's own values in it; the same as in docs/integrate.md, which tests run. */
export interface Snippet {
  readonly name: string;
  readonly text: string;
}

export interface Place {
  readonly baseUrl: string;
  /** Where Countersign listens: `127.0.0.1:3000`. */
  readonly listens: string;
}

type Described = Pick<Client, 'id' | 'kind' | 'isPublic' | 'origin' | 'redirectUris' | 'scopes'>;

/** `secretHere`: what stands in the place of the secret, which nobody has any more. */
export function snippetsFor(client: Described, place: Place, secretHere: string): Snippet[] {
  switch (client.kind) {
    case 'oidc':
      return [
        { name: 'Node, openid-client', text: openidClient(client, place, secretHere) },
        ...(client.isPublic
          ? []
          : [{ name: 'Apache, mod_auth_openidc', text: apache(client, place, secretHere) }]),
      ];
    case 'forward-auth': {
      const host = new URL(client.origin ?? '').host;
      return [
        { name: 'nginx', text: nginx(host, place) },
        { name: 'Caddy', text: caddy(host, place) },
      ];
    }
    case 'api':
      return [{ name: 'curl', text: curl(client, place, secretHere) }];
  }
}

function openidClient({ id, isPublic, redirectUris }: Described, { baseUrl }: Place, secret: string): string {
  const local = baseUrl.startsWith('http:');
  const known = isPublic ? 'undefined, oidc.None()' : `'${secret}'${local ? ', undefined' : ''}`;
  const options = local ? ', {\n  execute: [oidc.allowInsecureRequests],\n}' : '';
  return `import * as oidc from 'openid-client';

const issuer = new URL('${baseUrl}');
const config = await oidc.discovery(issuer, '${id}', ${known}${options});

// Before: keep all three with the browser's session.
const verifier = oidc.randomPKCECodeVerifier();
const state = oidc.randomState();
const nonce = oidc.randomNonce();
const leadTo = oidc.buildAuthorizationUrl(config, {
  redirect_uri: '${redirectUris[0] ?? ''}',
  scope: 'openid profile email groups',
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
});

// Afterwards, at the redirect address: \`url\` is the whole address that was asked for.
const tokens = await oidc.authorizationCodeGrant(config, url, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
});
const person = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
`;
}

function apache({ id, redirectUris }: Described, { baseUrl }: Place, secret: string): string {
  return `OIDCProviderMetadataURL ${baseUrl}/.well-known/openid-configuration
OIDCClientID ${id}
OIDCClientSecret ${secret}
OIDCRedirectURI ${redirectUris[0] ?? ''}
OIDCCryptoPassphrase A_LONG_RANDOM_TEXT
OIDCPKCEMethod S256
OIDCScope "openid profile email groups"
OIDCRemoteUserClaim email

<Location />
  AuthType openid-connect
  Require valid-user
</Location>
`;
}

function nginx(host: string, { baseUrl, listens }: Place): string {
  const [name] = host.split(':');
  return `server {
    listen 443 ssl;
    server_name ${name};
    ssl_certificate     /etc/ssl/${name}.pem;
    ssl_certificate_key /etc/ssl/${name}.key;

    location / {
        auth_request /.countersign/check;
        auth_request_set $countersign_begin $upstream_http_location;
        error_page 401 = @countersign_begin;
        error_page 403 =302 ${baseUrl}/forward-auth/start?rd=$scheme://$http_host/;

        auth_request_set $countersign_user   $upstream_http_remote_user;
        auth_request_set $countersign_name   $upstream_http_remote_name;
        auth_request_set $countersign_email  $upstream_http_remote_email;
        auth_request_set $countersign_groups $upstream_http_remote_groups;
        auth_request_set $countersign_id     $upstream_http_remote_id;
        proxy_set_header Remote-User   $countersign_user;
        proxy_set_header Remote-Name   $countersign_name;
        proxy_set_header Remote-Email  $countersign_email;
        proxy_set_header Remote-Groups $countersign_groups;
        proxy_set_header Remote-Id     $countersign_id;

        proxy_set_header Host $http_host;
        proxy_pass http://127.0.0.1:8080;
    }

    # The question behind every request.
    location = /.countersign/check {
        internal;
        proxy_pass http://${listens}/forward-auth;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_set_header X-Original-URL $scheme://$http_host$request_uri;
        proxy_set_header X-Forwarded-Host "";
        proxy_set_header X-Forwarded-For $remote_addr;
    }

    # Pages are led to sign in; scripts are told 401.
    location @countersign_begin {
        if ($countersign_begin = "") {
            return 401;
        }
        return 302 $countersign_begin;
    }

    # Where a sign-in begins and ends.
    location /.countersign/ {
        proxy_pass http://${listens}/forward-auth/;
        proxy_set_header X-Original-URL $scheme://$http_host$request_uri;
        proxy_set_header X-Forwarded-Host "";
        proxy_set_header X-Forwarded-For $remote_addr;
    }
}
`;
}

function caddy(host: string, { listens }: Place): string {
  return `${host} {
    route {
        request_header -Remote-User
        request_header -Remote-Name
        request_header -Remote-Email
        request_header -Remote-Groups
        request_header -Remote-Id
        request_header -Remote_*
        request_header -X-Original-URL

        # Where a sign-in begins and ends.
        handle /.countersign/* {
            uri replace /.countersign/ /forward-auth/ 1
            reverse_proxy ${listens}
        }

        handle {
            forward_auth ${listens} {
                uri /forward-auth
                copy_headers Remote-User Remote-Name Remote-Email Remote-Groups Remote-Id
            }
            reverse_proxy 127.0.0.1:8080
        }
    }
}
`;
}

function curl({ id, scopes }: Described, { baseUrl }: Place, secret: string): string {
  const path = scopes.includes('accounts:read')
    ? 'accounts'
    : scopes.includes('audit:read')
      ? 'audit-events'
      : 'openapi.json';
  return `TOKEN=$(curl -s -u ${id}:${secret} ${baseUrl}/oidc/token \\
  -d grant_type=client_credentials -d 'scope=${scopes.join(' ')}' | jq -r .access_token)
curl -H "Authorization: Bearer $TOKEN" ${baseUrl}/api/v1/${path}
`;
}
