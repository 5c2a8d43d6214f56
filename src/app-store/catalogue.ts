import { PLATFORMS, type Platform } from '../builds/format-rules.ts';
import { listOfferedApps } from '../builds/publication-store.ts';
import { acrOf, type Client } from '../clients/client.ts';
import { listClientsFor } from '../clients/store.ts';
import type { Deps } from '../deps.ts';
import { careOf, isSpare } from '../factors/all.ts';
import { methodsOf } from '../factors/choose-method.ts';
import { listFactors } from '../factors/store.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';
import type { Locale } from '../words/locale.ts';
import { type Opening, openingOf } from './opening-rules.ts';
import { matcher } from './search-rules.ts';

/** With the name of the factor, as the person reads it. `soon`: a rule will demand a second step, and there is none yet. */
export type ToldOpening =
  | { readonly kind: 'soon'; readonly from: number }
  | Exclude<Opening, { readonly kind: 'factor' }>
  | { readonly kind: 'factor'; readonly name: string };

/** An app in the browser: OpenID Connect, or a host behind forward-auth. */
export interface WebApp {
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly opening: ToldOpening;
}

/** An app to install, as its tile shows it. */
export interface Installable {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly icon_hash: string | null;
  /** In a fixed order. */
  readonly platforms: readonly Platform[];
}

export interface Catalogue {
  readonly webApps: readonly WebApp[];
  readonly installables: readonly Installable[];
  /** True where there is more than what was searched for. */
  readonly hasMore: boolean;
}

/** What this person may open and install, and of that what has every word in its name or description. */
export async function readCatalogue(
  deps: Deps,
  who: SignedIn,
  text: string,
  { locale, now }: Pick<Visit, 'locale' | 'now'>,
): Promise<Catalogue> {
  const webApps = await listWebApps(deps, who, locale, now);
  const installables = await listInstallables(deps, who);
  const matches = matcher(text);
  const found = { webApps: webApps.filter(matches), installables: installables.filter(matches) };
  const all = webApps.length + installables.length;
  return { ...found, hasMore: found.webApps.length + found.installables.length < all };
}

async function listWebApps(
  deps: Deps,
  { account, session }: SignedIn,
  locale: Locale,
  now: number,
): Promise<WebApp[]> {
  const { db } = deps.database;
  const clients = await listClientsFor(db, account.id);
  if (clients.length === 0) return [];
  const methods = await methodsOf(deps, await listFactors(db, account.id));
  const factors = methods.filter((method) => !isSpare(method));
  return clients.flatMap((client) => {
    const url = addressOf(client);
    if (url === null) return [];
    const { name, description, twoFactorFromAt: from } = client;
    const opening = told(openingOf(acrOf(client, now), session.acr, factors), locale);
    const soon = opening.kind === 'nothing' && factors.length === 0 && from !== null && from > now;
    return { name, description, url, opening: soon ? { kind: 'soon', from } : opening };
  });
}

function told(opening: Opening, locale: Locale): ToldOpening {
  if (opening.kind !== 'factor') return opening;
  return { kind: 'factor', name: careOf(opening.method)?.name(locale) ?? opening.method };
}

function addressOf({ kind, homeUrl, origin }: Pick<Client, 'kind' | 'homeUrl' | 'origin'>): string | null {
  if (kind === 'api') return null;
  return homeUrl ?? origin;
}

async function listInstallables({ database }: Deps, { account }: SignedIn): Promise<Installable[]> {
  const apps = await listOfferedApps(database.db, account.id);
  return apps.map(({ slug, name, description, icon_hash, platforms }) => ({
    slug,
    name,
    description,
    icon_hash,
    platforms: PLATFORMS.filter((platform) => platforms.includes(platform)),
  }));
}
