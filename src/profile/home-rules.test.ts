import { expect, test } from 'vitest';
import type { SignedIn } from '../sessions/session.ts';
import { homeOf } from './home-rules.ts';

test('the front door leads members to the App Store, publishers and administrators to the Dashboard', () => {
  const home = (roles: string, acr: string) => homeOf({ account: { roles }, session: { acr } } as SignedIn);
  expect(home('', 'phr')).toBe('/store');
  expect(home('publisher', 'mfa')).toBe('/admin');
  expect(home('publisher', 'pwd')).toBe('/store');
  expect(home('admin', 'mfa')).toBe('/admin');
  expect(home('admin publisher', 'pwd')).toBe('/admin');
});
