import { TERSE } from './attack-kit.ts';
import type { Browser, Page } from './browser.ts';
import type { House } from './house.ts';

let networks = 0;

/** A browser that nobody has seen, in a network that nobody has seen. */
export function stranger(house: House): Browser {
  const browser = house.browser();
  networks++;
  browser.network = `203.0.${networks >> 8}.${networks & 255}`;
  return browser;
}

/** A wrong password, another one for each `nth`. */
export function guess(
  browser: Browser,
  email: string,
  nth: number,
  headers: Record<string, string> = {},
): Promise<Page> {
  return browser.post('/sign-in', { email, password: `not the password ${nth}` }, { ...TERSE, ...headers });
}
