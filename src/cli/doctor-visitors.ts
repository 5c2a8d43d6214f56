import { latestPlaces } from '../audit/store.ts';
import type { Config } from '../config.ts';
import type { Db } from '../database/open.ts';
import { DAY } from '../kit/clock.ts';
import { counted } from '../kit/counted.ts';
import { within } from '../web/client-address.ts';
import { Sick } from './check.ts';

/** So many records, of so many people, that one address behind all of them is no chance. */
const LOOKED_AT = 200;
const LEAST = 20;
const LEAST_PEOPLE = 3;
const RECENT = 7 * DAY;

const isInside = within([
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'],
  ...['::1/128', 'fc00::/7', 'fe80::/10'],
]);

/**
 * Where people come from, by the records: with a wrong `TRUSTED_PROXIES`, or a proxy that doesn't say who asks, it is the
 * proxy for all of them (R58). @throws {Sick}
 */
export async function lookAtVisitors(
  { secure, trustedProxies }: Config,
  db: Db,
  now: number,
): Promise<string> {
  const places = await latestPlaces(db, { limit: LOOKED_AT, since: now - RECENT });
  const networks = new Set(places.map(({ network }) => network));
  const people = new Set(places.map(({ subject }) => subject)).size;
  const few = places.length < LEAST || people < LEAST_PEOPLE;
  const [only = ''] = networks;
  // Of an IPv6 network the first half is kept.
  const address = only.replace(/\/64$/, '');
  if (!secure || few || networks.size > 1 || !isInside(address))
    return `the last ${places.length} records of a week come from ${counted(networks.size, 'network')}`;
  const found = `the last ${places.length} records, of ${people} people, all come from ${only}`;
  const harm = 'one person’s wrong passwords slow everybody down, and mails name the wrong address';
  if (within(trustedProxies)(address))
    throw new Sick(`${found}, which TRUSTED_PROXIES names: that proxy sends no X-Forwarded-For, so ${harm}`);
  throw new Sick(
    `${found}, which TRUSTED_PROXIES does not name: if that is a proxy, name it there, because ${harm}. If everybody really shares that address, ignore this line`,
  );
}
