import { tokenOf } from './attack-kit.ts';
import type { Browser, Page } from './browser.ts';
import type { House } from './house.ts';
import { NEXT_PASSWORD } from './people.ts';

/** Says that the password of this address is forgotten. */
export function forgot(browser: Browser, email: string): Promise<Page> {
  return browser.post('/forgot-password', { email });
}

/** The path of the link in the mail that comes of it. */
export async function resetLink(house: House, email: string, browser = house.browser()): Promise<string> {
  await forgot(browser, email);
  return house.link(email, '/reset-password');
}

export async function resetToken(house: House, email: string): Promise<string> {
  return tokenOf(await resetLink(house, email));
}

/** The button of the page that the link leads to. */
export function reset(browser: Browser, link: string, password = NEXT_PASSWORD): Promise<Page> {
  return browser.post('/reset-password', { token: tokenOf(link), password });
}
