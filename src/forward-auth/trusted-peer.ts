import { within } from '../web/client-address.ts';

/**
 * Whose word on the host that was asked for is taken: the proxies of TRUSTED_PROXIES, and this machine itself. Anybody
 * else who sends these headers is told nothing.
 */
export function trustedPeers(ranges: readonly string[]): (peer: string) => boolean {
  const isTrusted = within(['127.0.0.0/8', '::1', ...ranges]);
  // A proxy keeps its connections: the same few addresses, thousands of times a second.
  const known = new Map<string, boolean>();
  return (peer) => {
    const before = known.get(peer);
    if (before !== undefined) return before;
    const trusted = isTrusted(peer);
    if (known.size >= 1_000) known.clear();
    known.set(peer, trusted);
    return trusted;
  };
}
