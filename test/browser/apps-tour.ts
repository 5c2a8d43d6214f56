import type { Tour } from './tour.ts';

const APPS = '/admin/apps';
const TWO_FACTOR = '/admin/rules/two-factor';

/** What an administrator sees of the apps that sign their people in here; `host` is the address of a protected one. */
export async function lookAtApps(tour: Tour, name: string, host: string): Promise<void> {
  const { page } = tour;
  await tour.visit('apps-none', APPS);
  await tour.visit('apps-new', `${APPS}/new`);
  await tour.visit('apps-new-oidc', `${APPS}/new/oidc`);
  await tour.sendAndLook('apps-wrong', `${APPS}/new/oidc`, { name: '', redirect_uris: 'x', home_url: 'x' });
  const callback = `${host}/ruta-muy-larga/que-no-acaba-nunca/ni-siquiera-aqui/callback`;
  await tour.sendAndLook('apps-made', `${APPS}/new/oidc`, { name, redirect_uris: callback, home_url: '' });
  const app = new URL(page.url()).pathname;
  // Each can be opened; axe and the widths then see what is in it.
  await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
  await tour.look('apps-snippets');
  await tour.visit('apps-edit', `${app}/edit`);
  await tour.sendAndLook('apps-edit-overtaken', `${app}/edit`, { seen: 'of-before' });
  await tour.visit('apps-secret', `${app}/secret`);
  await tour.visit('apps-remove', `${app}/remove`);
  await tour.visit('apps-try', `${app}/try`);
  await tour.send(`${app}/try`, {}, 'as-you-are');
  await tour.sendAndLook('apps-told', new URL(page.url()).pathname, {}, 'allow');
  await lookAtWhatAppsAsk(tour, app, callback);
  await tour.visit('apps-new-host', `${APPS}/new/forward-auth`);
  await tour.sendAndLook('apps-host', `${APPS}/new/forward-auth`, { name, origin: host });
  await tour.visit('apps-new-api', `${APPS}/new/api`);
  await tour.sendAndLook('apps-api-wrong', `${APPS}/new/api`, { name });
  await tour.visit('apps-list', APPS);
  await lookAtRuleOf(tour, app);
}

/** What stands between somebody who is signed in and an app that asks for more than that. */
async function lookAtWhatAppsAsk(tour: Tour, app: string, callback: string): Promise<void> {
  const asking = (more: Readonly<Record<string, string>>) =>
    `/oidc/authorize?${new URLSearchParams({
      client_id: app.slice(APPS.length + 1),
      response_type: 'code',
      scope: 'openid',
      redirect_uri: callback,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...more,
    })}`;
  await tour.visit('which-account', asking({ prompt: 'select_account' }));
  await tour.visit('app-asks-for-a-key', asking({ acr_values: 'phr' }));
}

/** Two factors required at one app: the report, the rule, and that it goes again. */
async function lookAtRuleOf(tour: Tour, app: string): Promise<void> {
  const whom = `app.${app.slice(APPS.length + 1)}`;
  await tour.visit('rules-app-choose', `${TWO_FACTOR}?group=${whom}`);
  await tour.visit('rules-app-preview', `${TWO_FACTOR}/preview?group=${whom}&when=now&day=`);
  await tour.sendAndLook('rules-app', TWO_FACTOR);
  await tour.visit('apps-ruled', app);
  await tour.visit('rules-app-who', `${TWO_FACTOR}/${whom}`);
  await tour.visit('rules-app-optional', `${TWO_FACTOR}/${whom}/optional`);
  await tour.send(`${TWO_FACTOR}/${whom}/optional`);
}
