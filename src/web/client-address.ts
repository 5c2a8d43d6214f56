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
