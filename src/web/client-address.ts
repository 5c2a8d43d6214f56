import { BlockList, isIP } from 'node:net';

const WITH_PORT = /^(?:\[([\da-f:.]+)\]|(\d+\.\d+\.\d+\.\d+)):\d{1,5}$/i;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The address that limits count by and that people are told (R57, R58). Some proxies write the client's port behind it,
 * which is another one for each connection: whoever counted by that would count nothing. `::ffff:192.0.2.7` is 192.0.2.7.
 */
export function clientAddress(told: string): string {
  const [, six, four] = WITH_PORT.exec(told) ?? [];
  const address = six ?? four ?? told;
  return MAPPED.exec(address)?.[1] ?? address;
}

/** Whether an address, told with a port or without, lies in one of the CIDR ranges. */
export function within(ranges: readonly string[]): (told: string) => boolean {
  const list = new BlockList();
  // Addresses all of them; `isIP` would compile its long expressions for it at every start.
  const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return (told) => {
    const address = clientAddress(told);
    return isIP(address) !== 0 && list.check(address, familyOf(address));
  };
}
