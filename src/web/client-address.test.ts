import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

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
