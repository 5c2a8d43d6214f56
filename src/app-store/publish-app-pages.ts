import type { Account } from '../accounts/account.ts';
import type { App, Build, Publication } from '../builds/app.ts';
import { type Content, type Html, html } from '../kit/html.ts';
import { askingDialog, askingLink, type Confirmation } from '../web/confirmation.ts';
import { icon } from '../web/icons.ts';
import { storeLayout } from '../web/layout.ts';
import { actions, linkButton, notice, section } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import { time } from '../web/times.ts';
import type { Visit } from '../web/visit.ts';
import { formatInstant } from '../words/dates.ts';
import { listOf } from '../words/lists.ts';
import type { Locale } from '../words/locale.ts';
import { formatBytes } from '../words/sizes.ts';
import { appIcon } from './app-icon.ts';
import { MANAGE, STORE } from './catalogue-pages.ts';
import { publishWords } from './publish-words.ts';
import { storeWords } from './words.ts';

export interface PublishAppPage {
  readonly account: Account;
  readonly app: App;
  /** Newest first. */
  readonly builds: readonly Build[];
  /** Newest first, the withdrawn ones too. */
  readonly publications: readonly Publication[];
  /** With a stale step-up no form stands here (contract 4): the links lead to the pages that ask for one. */
  readonly fresh: boolean;
  readonly message: string | null;
}

/** `Android · 2.4.1 (APK)`: how a build is called where there are others. */
export function buildName(locale: Locale, { platform, version, format }: Build): string {
  return `${storeWords[locale].platforms[platform]} · ${version} (${format.toUpperCase()})`;
}

export function withdrawing(locale: Locale, slug: string, build: Build): Confirmation {
  const { title, lead, button, cancel } = publishWords[locale].withdraw;
  const path = `${MANAGE}/${slug}/builds/${build.id}/withdraw`;
  return { path, title: title(buildName(locale, build)), lead, button, cancel };
}

export function deletingBuild(locale: Locale, slug: string, build: Build): Confirmation {
  const { title, lead, button, cancel } = publishWords[locale].deleteBuild;
  const path = `${MANAGE}/${slug}/builds/${build.id}/delete`;
  return { path, title: title(buildName(locale, build)), lead, button, cancel };
}

export function deletingApp(locale: Locale, app: App, builds: number): Confirmation {
  const { title, lead, button, cancel } = publishWords[locale].deleteApp;
  return { path: `${MANAGE}/${app.slug}/delete`, title: title(app.name), lead: lead(builds), button, cancel };
}

export function publishAppPage(site: Site, visit: Visit, page: PublishAppPage): Html {
  const { app: w } = publishWords[visit.locale];
  const { downloads } = storeWords[visit.locale].app;
  const { locale } = visit;
  const { account, app, builds, publications, message } = page;
  const path = `${MANAGE}/${app.slug}`;
  const live = new Map(
    publications.filter(({ withdrawn_at }) => withdrawn_at === null).map((one) => [one.build_id, one]),
  );
  const questions: Confirmation[] = [];
  const when = (at: number) => time(at, visit.now, locale, account.time_zone);
  const exactly = (at: number) => formatInstant(at, locale, account.time_zone);

  const body = html`${app.description !== '' && html`<p class="said">${app.description}</p>`}
    ${actions(
      linkButton(`${path}/upload`, w.upload, { kind: 'primary', icon: 'plus' }),
      linkButton(`${path}/edit`, w.edit, { icon: 'edit' }),
      live.size > 0 && linkButton(`${STORE}/${app.slug}`, w.look, { kind: 'quiet' }),
    )}
    ${section({
      title: w.builds,
      body:
        builds.length > 0
          ? html`<ul class="items builds">${builds.map(asItem)}</ul>`
          : html`<p class="empty">${w.noBuilds}</p>`,
    })}
    ${publications.length > 0 && section({ title: w.history, body: html`<ul class="items">${publications.map(asHistory)}</ul>` })}
    ${section({ title: w.deletion, lead: w.deletionLead, body: actions(ask(deletingApp(locale, app, builds.length), w.deleteApp)) })}`;
  return storeLayout(site, visit, {
    title: app.name,
    current: 'publish',
    person: account,
    picture: appIcon(app, 'large'),
    back: { href: MANAGE, text: w.back },
    notice: message === null ? null : notice('success', message),
    body: html`${body}${page.fresh && questions.map(askingDialog)}`,
  });

  function ask(confirmation: Confirmation, text: string, label?: string): Html {
    questions.push(confirmation);
    return askingLink(confirmation, text, { kind: 'removal', ...(label ? { label } : {}) });
  }

  function asItem(build: Build): Html {
    const name = buildName(locale, build);
    const offer = live.get(build.id);
    const place = `${path}/builds/${build.id}/publish`;
    const [text, label] = offer ? [w.audience, w.audienceOf(name)] : [w.publish, w.publishOf(name)];
    return html`<li><div class="what"><div class="title">${name}</div><div class="meta"><span>${build.file_name}</span><span>${formatBytes(build.size, locale)}</span><span>${w.uploadedAgo} ${when(build.created_at)}</span><span>${downloads(build.downloads)}</span></div>${state(offer)}</div><div class="actions">${linkButton(place, text, { kind: 'secondary', label })}${
      offer && ask(withdrawing(locale, app.slug, build), w.withdraw, w.withdrawOf(name))
    }${ask(deletingBuild(locale, app.slug, build), w.remove, w.removeOf(name))}</div></li>`;
  }

  function state(offer: Publication | undefined): Html {
    const reached = offer !== undefined && (offer.everyone || offer.groups.length > 0);
    return html`<p class="fact ${reached ? 'success' : offer ? 'warning' : ''}">${icon(reached ? 'check' : offer ? 'warning' : 'eye')}<span>${
      offer ? audienceOf(offer, w.everyone, w.groups, w.nobody) : w.unpublished
    }</span></p>`;
  }

  function asHistory({ build_id, created_at, withdrawn_at, ...audience }: Publication): Content {
    const build = builds.find(({ id }) => id === build_id);
    if (!build) return null;
    const name = buildName(locale, build);
    const sentence = audienceOf(
      audience,
      w.toEveryone(name),
      (names) => w.toGroups(name, names),
      w.toNobody(name),
    );
    return html`<li><div class="what"><div>${sentence}</div><div class="meta"><span>${withdrawn_at === null ? w.since : w.from} ${exactly(created_at)}${
      withdrawn_at !== null && html` ${w.until} ${exactly(withdrawn_at)}`
    }</span></div></div></li>`;
  }

  function audienceOf(
    { everyone, groups }: Pick<Publication, 'everyone' | 'groups'>,
    all: string,
    some: (names: string) => string,
    none: string,
  ): string {
    if (everyone) return all;
    const names = groups.map(({ name }) => name);
    return names.length > 0 ? some(listOf(locale, names)) : none;
  }
}
