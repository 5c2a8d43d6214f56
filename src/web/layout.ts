import { type Content, type Html, html, trusted } from '../kit/html.ts';
import { chrome } from '../words/chrome.ts';
import { formatDay } from '../words/dates.ts';
import type { Locale } from '../words/locale.ts';
import { icon } from './icons.ts';
import { notice } from './parts.ts';
import type { Site } from './site.ts';
import type { Visit } from './visit.ts';
import { wayBack } from './way-back.ts';

export type AccountSection =
  | 'profile'
  | 'email'
  | 'password'
  | 'security'
  | 'sessions'
  | 'activity'
  | 'connected'
  | 'none';

/** The Dashboard's rooms; a publisher sees only the apps. */
export type DashboardSection = 'overview' | 'people' | 'groups' | 'rules' | 'apps' | 'records' | 'recovery';
export type StoreSection = 'store' | 'publish';

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

/** A page of somebody who is known: signed in, or with an enrolment pass. */
interface KnownPage {
  readonly title: string;
  /** What this page is for, in one sentence. */
  readonly lead?: string;
  readonly body: Html;
  readonly person: Person;
  readonly notice?: Html | null;
  readonly back?: { readonly href: string; readonly text: string };
  readonly scripts?: readonly string[];
}

export interface AccountPage extends KnownPage {
  readonly current: AccountSection;
}

export interface DashboardPage extends KnownPage {
  readonly current: DashboardSection;
}

export interface StorePage extends KnownPage {
  readonly current: StoreSection;
  /** Beside the title. */
  readonly picture?: Html;
}

type Section = AccountSection | DashboardSection | StoreSection | Area;
type Area = 'account' | 'dashboard' | 'app-store';
type Links = readonly (readonly [Exclude<Section, 'none'>, string])[];

const SECTIONS: Links = [
  ['profile', '/account'],
  ['email', '/account/email'],
  ['password', '/account/password'],
  ['security', '/account/security'],
  ['sessions', '/account/sessions'],
  ['connected', '/account/apps'],
  ['activity', '/account/activity'],
];
const ADMINISTRATION: Links = [
  ['overview', '/admin'],
  ['people', '/admin/people'],
  ['groups', '/admin/groups'],
  ['rules', '/admin/rules'],
  ['apps', '/admin/apps'],
  ['records', '/admin/records'],
  ['recovery', '/admin/recovery'],
];
/** From one area to the others. */
const AREAS: readonly (readonly [Area, string])[] = [
  ['account', '/account'],
  ['dashboard', '/admin'],
  ['app-store', '/store'],
];
const STORE: Links = [['store', '/store']];
const PUBLISHING: Links = [['publish', '/store/manage']];

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
  return areaLayout(site, visit, page, 'account', SECTIONS);
}

/** For administrators; of publishers only the apps. Its stylesheet is its own, so that signing in doesn't load it. */
export function dashboardLayout(site: Site, visit: Visit, page: DashboardPage): Html {
  const all = page.person.roles.split(' ').includes('admin');
  const links = all ? ADMINISTRATION : ADMINISTRATION.filter(([name]) => name === 'apps');
  return areaLayout(site, visit, page, 'dashboard', links);
}

export function storeLayout(site: Site, visit: Visit, page: StorePage): Html {
  const links = mayPublish(page.person) ? [...STORE, ...PUBLISHING] : STORE;
  return areaLayout(site, visit, page, 'app-store', links);
}

function mayPublish({ roles }: Person): boolean {
  return roles.split(' ').some((role) => role === 'admin' || role === 'publisher');
}

function areaLayout(
  site: Site,
  visit: Visit,
  page: KnownPage & { readonly current: Section },
  area: Area,
  sections: Links,
): Html {
  const words = chrome[visit.locale];
  const extra = area === 'account' ? {} : { styles: [area === 'dashboard' ? 'dashboard.css' : 'store.css'] };
  return frame(
    site,
    visit,
    { ...page, ...extra },
    area === 'account' ? 'account' : `account ${area}`,
    html`<header class="bar">${brand(site)}<button class="button quiet menu" type="button" popovertarget="menu">${words.menu}</button></header><nav class="side" id="menu" popover aria-label="${words.areas[area]}">${placesToGo(visit.locale, area, sections, page)}${whoAmI(visit, page.person)}</nav><div class="content">${mainOf(page, [comingRule(visit), area === 'account' && waiting(visit)])}${footer(site, visit)}</div>`,
  );
}

const places = new Map<string, Html>();

/** Made once for each place to be in, and who may go where. */
function placesToGo(
  locale: Locale,
  area: Area,
  sections: Links,
  { current, person }: { readonly current: Section; readonly person: Person },
): Html {
  const publishes = mayPublish(person);
  const key = `${locale} ${area} ${current} ${sections.length} ${publishes}`;
  let made = places.get(key);
  if (!made) {
    const words = chrome[locale];
    const list = (links: Links) =>
      html`<ul>${links.map(
        ([name, href]) =>
          html`<li><a href="${href}"${name === current && trusted(' aria-current="page"')}>${words.sections[name]}</a></li>`,
      )}</ul>`;
    const elsewhere = AREAS.filter(([name]) => name !== area && (name !== 'dashboard' || publishes));
    made = html`${list(sections)}${list(elsewhere)}<ul><li><a href="/help">${words.help}</a></li></ul>`;
    places.set(key, made);
  }
  return made;
}

/** For someone who may enrol a second factor and do nothing else: nowhere to go but out. */
export function enrolmentLayout(site: Site, visit: Visit, page: KnownPage): Html {
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
  page: { readonly title: string; readonly scripts?: readonly string[]; readonly styles?: readonly string[] },
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
<link rel="stylesheet" href="${site.asset('style.css')}">${page.styles?.map(
    (name) => html`<link rel="stylesheet" href="${site.asset(name)}">`,
  )}
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

/** Somebody came here because an app demands what they are setting up. */
function waiting(visit: Visit): Content {
  const words = chrome[visit.locale];
  const back = wayBack(visit);
  return back !== null && notice('info', html`${words.waiting} <a href="${back}">${words.goOn}</a>`);
}

/** Nobody should be surprised by a rule: who has no second factor is told on every page, until they have one. */
function comingRule({ coming, locale }: Visit): Html | null {
  if (!coming) return null;
  const words = chrome[locale].coming;
  const day = formatDay(coming.from, locale, coming.timeZone);
  return html`<div class="notice warning" role="note">${icon('clock')}<div>${words.sentence(day)} <a href="/account/security">${words.link}</a></div></div>`;
}

function mainOf(page: KnownPage & { readonly picture?: Html }, above: Content = null): Html {
  const title = html`<h1>${page.title}</h1>`;
  return html`<main id="main">${above}${page.back && html`<a class="back" href="${page.back.href}">${icon('arrow-left')}${page.back.text}</a>`}${
    page.notice
  }${page.picture ? html`<div class="titled">${page.picture}${title}</div>` : title}${page.lead && html`<p class="lead">${page.lead}</p>`}${page.body}</main>`;
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
