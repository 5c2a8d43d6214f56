import type { Client } from '../clients/client.ts';
import { findClientByOrigin } from '../clients/store.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Call } from '../web/route.ts';
import { type Asked, readAsked } from './asked-rules.ts';
import { trustedPeers } from './trusted-peer.ts';

export const APP_COOKIE = 'countersign-app';
export const BEGIN_COOKIE = 'countersign-begin';

type HostCall = Pick<Call<unknown, unknown, unknown>, 'visit' | 'headers'>;

/** Which protected host a call comes from, by what its proxy says. */
export interface Hosts {
  /** Null: nobody says so who may. */
  asked(call: HostCall): Asked | null;
  /** @throws {Refusal} app_unknown */
  find(call: HostCall): Promise<{ asked: Asked; client: Client; secure: boolean }>;
}

export function createHosts({ config, database }: Pick<Deps, 'config' | 'database'>): Hosts {
  const isTrusted = trustedPeers(config.trustedProxies);
  const asked = ({ visit, headers }: HostCall) => (isTrusted(visit.peer) ? readAsked(headers) : null);
  return {
    asked,
    async find(call) {
      const found = asked(call);
      const client = found && (await findClientByOrigin(database.db, found.origin));
      if (!client) throw new Refusal('app_unknown');
      return { asked: found, client, secure: isSecure(found.origin) };
    },
  };
}

/** Hosts on http (this machine only) get their cookies without prefix and Secure, whatever BASE_URL is on. */
export const isSecure = (origin: string): boolean => origin.startsWith('https:');
