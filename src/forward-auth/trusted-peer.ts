import { BlockList, isIP } from 'node:net';

/**
 * Whose word on the host that was asked for is taken: the proxies of TRUSTED_PROXIES, and this machine itself. Anybody
 * else who sends these headers is told nothing.
 */
export function trustedPeers(ranges: readonly string[]): (peer: string) => boolean {
  const list = new BlockList();
  for (const range of ['127.0.0.0/8', '::1', ...ranges]) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  // A proxy keeps its connections: the same few addresses, thousands of times a second.
  const known = new Map<string, boolean>();
  return (peer) => {
    const before = known.get(peer);
    if (before !== undefined) return before;
    const trusted = isIP(peer) !== 0 && list.check(peer, isIP(peer) === 6 ? 'ipv6' : 'ipv4');
    if (known.size >= 1_000) known.clear();
    known.set(peer, trusted);
    return trusted;
  };
}
