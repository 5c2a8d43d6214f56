import { expect, test } from 'vitest';
import { readNotice, takeNotice, withNotice } from './flash.ts';

test('a code travels in the cookie and comes back as a sentence in the language of the visit', () => {
  const cookies = { notice: withNotice('two_factor_on').value ?? '' };
  expect(takeNotice({ cookies, locale: 'en' }).message).toBe('Two-factor authentication is on.');
  expect(takeNotice({ cookies, locale: 'es' }).message).toBe('La autenticación en dos pasos está activada.');
});

test('it is told once: the page that shows it also clears the cookie', () => {
  const cookies = { notice: 'profile_saved' };
  expect(takeNotice({ cookies, locale: 'en' }).cookies).toEqual([{ name: 'notice', value: null }]);
  expect(takeNotice({ cookies: {}, locale: 'en' })).toEqual({ message: null, cookies: [] });
});

test.each(['nonsense', 'toString', '__proto__', ''])(
  '"%s" is no code, shows nothing and is cleared',
  (notice) => {
    expect(readNotice({ cookies: { notice } })).toBeNull();
    expect(takeNotice({ cookies: { notice }, locale: 'en' })).toEqual({
      message: null,
      cookies: [{ name: 'notice', value: null }],
    });
  },
);
