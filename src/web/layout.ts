import { type Content, type Html, html, trusted } from '../kit/html.ts';
import { chrome } from '../words/chrome.ts';
import { icon } from './icons.ts';
import type { Site } from './site.ts';
import type { Visit } from './visit.ts';

export type AccountSection =
  | 'profile'
  | 'email'
  | 'password'
  | 'security'
  | 'sessions'
  | 'activity'
  | 'people'
  | 'recovery'
  | 'none';

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly roles: string;
}

export interface BarePage {
  readonly title: string;
  readonly body: Html;
  /** For reading rather than for filling in. */
  readonly wide?: boolean;
  /** Browser scripts besides `page.js`, by the names of their files. */
  readonly scripts?: readonly string[];
}

export interface EnrolmentPage {
  readonly title: string;
  /** What this page is for, in one sentence. */
  readonly lead?: string;
  readonly body: Html;
  readonly person: Person;
  readonly notice?: Html | null;
  readonly back?: { readonly href: string; readonly text: string };
  readonly scripts?: readonly string[];
}

export interface AccountPage extends EnrolmentPage {
  readonly current: AccountSection;
}

const SECTIONS: readonly [Exclude<AccountSection, 'none'>, string][] = [
  ['profile', '/account'],
  ['email', '/account/email'],
  ['password', '/account/password'],
  ['security', '/account/security'],
  ['sessions', '/account/sessions'],
  ['activity', '/account/activity'],
];
/** The Dashboard's rooms; for everybody else there are no such pages. */
const ADMINISTRATION: typeof SECTIONS = [
  ['people', '/admin/people'],
  ['recovery', '/admin/recovery'],
];

/** One column: signing in, setting up, errors, help. */
export function bareLayout(site: Site, visit: Visit, page: BarePage): Html {
  return frame(
    site,
    visit,
    page,
    page.wide ? 'bare wide' : 'bare',
    html`<header>${brand(site)}</header><main id="main"><h1>${page.title}</h1>${page.body}</main>${footer(site, visit)}`,
  );
}

/** Someone's own account: the places to go at the left, under 800 pixels behind a button in a bar. */
export function accountLayout(site: Site, visit: Visit, page: AccountPage): Html {
  const words = chrome[visit.locale];
  const list = (sections: typeof SECTIONS) =>
    html`<ul>${sections.map(
      ([name, href]) =>
        html`<li><a href="${href}"${name === page.current && trusted(' aria-current="page"')}>${words.sections[name]}</a></li>`,
    )}</ul>`;
  const administers = page.person.roles.split(' ').includes('admin');
  return frame(
    site,
    visit,
    page,
    'account',
    html`<header class="bar">${brand(site)}<button class="button quiet menu" type="button" popovertarget="menu">${words.menu}</button></header><nav class="side" id="menu" popover aria-label="${words.navigation}">${list(SECTIONS)}${administers && list(ADMINISTRATION)}<ul><li><a href="/help">${words.help}</a></li></ul>${whoAmI(visit, page.person)}</nav><div class="content">${mainOf(page)}${footer(site, visit)}</div>`,
  );
}

/** For someone who may enrol a second factor and do nothing else: nowhere to go but out. */
export function enrolmentLayout(site: Site, visit: Visit, page: EnrolmentPage): Html {
  return frame(
    site,
    visit,
    page,
    'enrolment',
    html`<header class="bar">${brand(site)}${whoAmI(visit, page.person)}</header><div class="content">${mainOf(page)}${footer(site, visit)}</div>`,
  );
}

function frame(
  site: Site,
  visit: Visit,
  page: { readonly title: string; readonly scripts?: readonly string[] },
  kind: string,
  body: Content,
): Html {
  const words = chrome[visit.locale];
  const scripts = ['page.js', ...(page.scripts ?? [])].map(
    (name) => html`<script type="module" src="${site.asset(name)}" nonce="${visit.nonce}"></script>`,
  );
  return html`<!doctype html>
<html lang="${visit.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · ${site.brand}</title>
<link rel="stylesheet" href="${site.asset('style.css')}">
<link rel="icon" href="${site.asset('favicon.svg')}" type="image/svg+xml">
${scripts}
</head>
<body class="${kind}" data-show="${words.show}" data-show-label="${words.showPassword}" data-hide="${words.hide}" data-hide-label="${words.hidePassword}">
<a class="skip" href="#main">${words.skip}</a>
${body}
</body>
</html>
`;
}

function brand(site: Site): Html {
  return html`<a class="brand" href="/">${site.logo}<span>${site.brand}</span></a>`;
}

function mainOf(page: EnrolmentPage): Html {
  return html`<main id="main">${page.back && html`<a class="back" href="${page.back.href}">${icon('arrow-left')}${page.back.text}</a>`}${
    page.notice
  }<h1>${page.title}</h1>${page.lead && html`<p class="lead">${page.lead}</p>`}${page.body}</main>`;
}

function whoAmI(visit: Visit, person: Person): Html {
  const words = chrome[visit.locale];
  return html`<div class="person"><p><span class="unseen">${words.signedInAs} </span><strong>${person.name}</strong><span>${person.email}</span></p><form method="post" action="/sign-out"><button class="button quiet">${icon('sign-out')}${words.signOut}</button></form></div>`;
}

function footer(site: Site, visit: Visit): Html {
  const words = chrome[visit.locale];
  const links = [
    ['/help', words.help],
    [site.privacyUrl, words.privacy],
    [site.termsUrl, words.terms],
    [site.supportEmail && `mailto:${site.supportEmail}`, words.support],
    [site.localMode && '/mailbox', words.mailbox],
  ] as const;
  return html`<footer>${site.localMode && html`<p>${site.keepsTexts ? words.local : words.localMails}</p>`}<ul>${links.map(
    ([href, text]) => href && html`<li><a href="${href}">${text}</a></li>`,
  )}</ul></footer>`;
}
