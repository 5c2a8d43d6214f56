import { beforeAll, expect, test } from 'vitest';
import { somebodyProtected } from '../kit/attack-kit.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { publisher } from '../kit/store-people.ts';

const house = sharedHouse();
let visitors: readonly Browser[];
beforeAll(async () => {
  visitors = [house.browser(), (await somebodyProtected(house)).browser, (await publisher(house)).browser];
});

/** Their errors have forms of their own: RFC 9457, RFC 6749 (5.2), RFC 6750. */
const OTHER_FORMS = /^\/api\/|^\/oidc\/(token|userinfo|revoke|introspect)$/;

test('contract: whatever is refused, a program that asks for JSON gets code and message, and no page', async () => {
  const wrong = new Set<string>();
  function look(name: string, { status, headers, body }: Page) {
    if (status < 400) return;
    const isJson = /^application\/json/.test(String(headers['content-type']));
    const said = isJson ? JSON.parse(body) : {};
    if (typeof said.code === 'string' && typeof said.message === 'string') return;
    wrong.add(`${name} (${status}): ${body.slice(0, 60)}`);
  }
  const accept = { accept: 'application/json' };
  for (const route of house.app.routes) {
    const { method, path } = route;
    if (method !== 'OPTIONS' && (OTHER_FORMS.test(path) || /sign-out|cancel/.test(path))) continue;
    for (const browser of visitors)
      for (const id of ['x', 'f'.repeat(32), 'A'.repeat(43)]) {
        const here = path.replace(/:\w+/g, id);
        if (method !== 'GET') look(`${method} ${path}`, await browser.call(route, here, { x: 'y' }, accept));
        else
          for (const query of [
            '',
            '?token=x',
            '?return_to=%00&token=%00',
            '?state=x&rd=x',
            '?post_logout_redirect_uri=x',
          ])
            look(`GET ${path}${query}`, await browser.get(here + query, accept));
      }
  }
  expect([...wrong]).toEqual([]);
});
