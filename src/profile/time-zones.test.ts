import { expect, test } from 'vitest';
import { readTimeZone, zoneGroups } from './time-zones.ts';

test('the zones are grouped by part of the world, and every one of them is accepted', () => {
  const europe = zoneGroups().find(({ name }) => name === 'Europe');
  expect(europe?.zones).toContainEqual({ value: 'Europe/Madrid', text: 'Madrid' });
  const all = zoneGroups().flatMap(({ zones }) => zones.map(({ value }) => value));
  expect(all.length).toBeGreaterThan(300);
  expect(all.filter((zone) => readTimeZone(zone) !== zone)).toEqual([]);
});

test('the case of a zone does not matter, and UTC is one', () => {
  expect(readTimeZone('europe/madrid')).toBe('Europe/Madrid');
  expect(readTimeZone('UTC')).toBe('UTC');
});

test.each(['', 'Mars/Olympus', '+01:00', 'Europe/', '../etc', 'Europe/Madrid\n', 'x'.repeat(80)])(
  '"%s" is no zone',
  (text) => {
    expect(readTimeZone(text)).toBeNull();
  },
);
