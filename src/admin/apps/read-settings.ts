import { z } from 'zod';
import {
  API_SCOPES,
  type ApiScope,
  type Client,
  type ClientKind,
  type ClientSettings,
  NO_SETTINGS,
} from '../../clients/client.ts';
import type { Acr } from '../../sessions/session.ts';
import { rawChoices, rawText, readInput, ruledText } from '../../web/input.ts';
import type { RawFields } from '../../web/route.ts';

/** Room for as many addresses as an app may have. */
const LONGEST_LIST = 20_000;

const choices = <T extends string>(values: z.ZodType<T>) =>
  z
    .union([values, z.array(values).max(1_000)], { error: 'malformed' })
    .default([])
    .transform((given) => [given].flat() as T[]);

const common = {
  name: ruledText(500),
  description: ruledText(2_000),
  home_url: ruledText(4_000),
};
const people = {
  acr: z.enum(['pwd', 'mfa', 'phr'], 'malformed').default('pwd'),
  groups: choices(z.string().regex(/^[\w-]{1,64}$/)),
};

/** Which fields the form of each kind has; any other is refused (R71). */
const FIELDS = {
  oidc: z.strictObject({
    ...common,
    ...people,
    redirect_uris: ruledText(LONGEST_LIST),
    post_logout_redirect_uris: ruledText(LONGEST_LIST),
    backchannel_logout_uri: ruledText(4_000),
  }),
  'forward-auth': z.strictObject({ ...common, ...people, origin: ruledText(4_000) }),
  api: z.strictObject({ name: ruledText(500), scopes: choices(z.enum(API_SCOPES)) }),
} as const;

/** What comes in, before the kind of app says which fields there are. */
export const anyFields: z.ZodType<RawFields> = z.record(z.string(), z.unknown());

const TYPE = { type: z.enum(['confidential', 'public'], 'malformed').default('confidential') };

/** What an administrator typed. @throws {Refusal} malformed_request, invalid_input */
export function readSettings(kind: ClientKind, raw: RawFields): ClientSettings {
  switch (kind) {
    case 'oidc': {
      const read = readInput(FIELDS.oidc, raw);
      return {
        ...shared(read),
        redirectUris: lines(read.redirect_uris),
        postLogoutRedirectUris: lines(read.post_logout_redirect_uris),
        backchannelLogoutUri: read.backchannel_logout_uri.trim() || null,
      };
    }
    case 'forward-auth': {
      const read = readInput(FIELDS['forward-auth'], raw);
      return { ...shared(read), origin: read.origin.trim() };
    }
    case 'api': {
      const { name, scopes } = readInput(FIELDS.api, raw);
      return { ...NO_SETTINGS, name, scopes };
    }
  }
}

/** A new app of OpenID Connect also says whether it can keep a secret. @throws {Refusal} malformed_request, invalid_input */
export function readNewSettings(
  kind: ClientKind,
  { type, ...raw }: RawFields,
): { settings: ClientSettings; isPublic: boolean } {
  if (kind !== 'oidc')
    return { settings: readSettings(kind, type === undefined ? raw : { ...raw, type }), isPublic: false };
  const said = readInput(z.strictObject(TYPE), type === undefined ? {} : { type });
  return { settings: readSettings(kind, raw), isPublic: said.type === 'public' };
}

function shared(read: {
  name: string;
  description: string;
  home_url: string;
  acr: Acr;
  groups: string[];
}): ClientSettings {
  const { name, description, home_url, acr, groups } = read;
  return {
    ...NO_SETTINGS,
    name,
    description: description.trim(),
    homeUrl: home_url.trim() || null,
    acr,
    groupIds: groups,
  };
}

/** One a line; no address holds a space. */
const lines = (text: string): string[] => text.split(/\s+/).filter((line) => line !== '');

/** What stands in the form: as it is kept, or as it was typed when it was refused. */
export interface Typed {
  readonly name: string;
  readonly description: string;
  readonly homeUrl: string;
  readonly redirectUris: string;
  readonly postLogoutRedirectUris: string;
  readonly backchannelLogoutUri: string;
  readonly origin: string;
  readonly acr: string;
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  readonly type: string;
}

export function typedFrom(client: Pick<Client, keyof ClientSettings | 'isPublic'> | null): Typed {
  const { isPublic, ...settings } = client ?? { ...NO_SETTINGS, isPublic: false };
  return {
    name: settings.name,
    description: settings.description,
    homeUrl: settings.homeUrl ?? '',
    redirectUris: settings.redirectUris.join('\n'),
    postLogoutRedirectUris: settings.postLogoutRedirectUris.join('\n'),
    backchannelLogoutUri: settings.backchannelLogoutUri ?? '',
    origin: settings.origin ?? '',
    acr: settings.acr,
    groups: settings.groupIds,
    scopes: settings.scopes as readonly ApiScope[],
    type: isPublic ? 'public' : 'confidential',
  };
}

export function typedAgain(raw: RawFields, isPublic: boolean): Typed {
  return {
    name: rawText(raw, 'name'),
    description: rawText(raw, 'description', 2_000),
    homeUrl: rawText(raw, 'home_url', 4_000),
    redirectUris: rawText(raw, 'redirect_uris', LONGEST_LIST),
    postLogoutRedirectUris: rawText(raw, 'post_logout_redirect_uris', LONGEST_LIST),
    backchannelLogoutUri: rawText(raw, 'backchannel_logout_uri', 4_000),
    origin: rawText(raw, 'origin', 4_000),
    acr: rawText(raw, 'acr'),
    groups: rawChoices(raw, 'groups'),
    scopes: rawChoices(raw, 'scopes'),
    type: isPublic ? 'public' : rawText(raw, 'type'),
  };
}
