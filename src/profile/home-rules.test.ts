import { expect, test } from 'vitest';
import type { SignedIn } from '../sessions/session.ts';
import { homeOf } from './home-rules.ts';

test('the front door leads members to the App Store, publishers and administrators to the Dashboard', () => {
  const home = (roles: string) => homeOf({ account: { roles } } as SignedIn);
  expect(home('')).toBe('/store');
  expect(home('publisher')).toBe('/admin');
  expect(home('admin')).toBe('/admin');
  expect(home('admin publisher')).toBe('/admin');
});
