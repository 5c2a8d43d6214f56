import { type Content, type Html, html } from '../kit/html.ts';
import { form } from '../web/fields.ts';
import { actions, button, linkButton } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { OWN_PATH } from './asked-rules.ts';
import { forwardAuthWords } from './words.ts';

// Shown under the protected host's own address, where of ours there is nothing but what its proxy routes here.

/** Our stylesheet there: a page may load from its own origin only. */
export const HOST_STYLE = 'style.css';

type Place = Pick<Site, 'brand' | 'baseUrl'>;

function hostLayout({ brand, baseUrl }: Place, visit: Visit, title: string, body: Content): Html {
  return html`<!doctype html>
<html lang="${visit.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${brand}</title>
<link rel="stylesheet" href="${OWN_PATH}/${HOST_STYLE}">
</head>
<body class="bare">
<header><a class="brand" href="${baseUrl}"><span>${brand}</span></a></header>
<main id="main"><h1>${title}</h1>${body}</main>
</body>
</html>
`;
}

export function closedHostPage(site: Place, visit: Visit, app: string): Html {
  const { closed: w } = forwardAuthWords[visit.locale];
  const away = actions(linkButton(site.baseUrl, w.away(site.brand)));
  return hostLayout(site, visit, w.title(app), html`<p>${w.body}</p>${away}`);
}

/** Read by whoever sets the proxy up. */
export function unknownHostPage(site: Place, visit: Visit): Html {
  const { unknown: w } = forwardAuthWords[visit.locale];
  return hostLayout(site, visit, w.title, html`<p>${w.body(site.brand)}</p>`);
}

export function failedPage(site: Place, visit: Visit): Html {
  const { failed: w } = forwardAuthWords[visit.locale];
  const again = actions(linkButton('/', w.again, { kind: 'primary' }));
  return hostLayout(site, visit, w.title, html`<p>${w.body}</p>${again}`);
}

export function signOutPage(site: Place, visit: Visit, app: string): Html {
  const { signOut: w } = forwardAuthWords[visit.locale];
  const body = form({
    action: `${OWN_PATH}/sign-out`,
    body: actions(button(w.button), linkButton('/', w.stay, { kind: 'quiet' })),
  });
  return hostLayout(site, visit, w.title(app), html`<p>${w.body(site.brand)}</p>${body}`);
}

export function signedOutPage(site: Place, visit: Visit, app: string): Html {
  const { signedOut: w } = forwardAuthWords[visit.locale];
  const links = actions(
    linkButton(`${site.baseUrl}/account`, w.elsewhere(site.brand), { kind: 'primary' }),
    linkButton('/', w.again(app), { kind: 'quiet' }),
  );
  return hostLayout(site, visit, w.title(app), html`<p>${w.body(site.brand)}</p>${links}`);
}
