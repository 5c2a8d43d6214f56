import { expect, test } from 'vitest';
import { clientAddress, within } from './client-address.ts';

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['203.0.113.9:50412', '203.0.113.9'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]:50412', '2001:db8::1'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['[::FFFF:203.0.113.9]:443', '203.0.113.9'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['203.0.113.9:504121', '203.0.113.9:504121'],
  ['unknown', 'unknown'],
  ['', ''],
])('R58: %j is the address %j', (told, address) => {
  expect(clientAddress(told)).toBe(address);
});

test('R58: what lies in a range lies in it with a port, in IPv6 clothes and with a zone as well; rubbish in none', () => {
  const isTrusted = within(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', 'fe80::/10']);
  const inside = [
    '10.255.0.1',
    '10.0.0.1:80',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '192.0.2.7',
    '[2001:DB8::1]:443',
  ];
  for (const told of [...inside, 'fe80::1%eth0']) expect([told, isTrusted(told)]).toEqual([told, true]);
  for (const told of ['11.0.0.1', '192.0.2.8', '2001:db9::1', '10.0.0.1:123456', '10.0.0', 'unknown', ''])
    expect([told, isTrusted(told)]).toEqual([told, false]);
});
