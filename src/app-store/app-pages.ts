import type { Account } from '../accounts/account.ts';
import type { App, Build, Offer } from '../builds/app.ts';
import type { Platform } from '../builds/format-rules.ts';
import { type Content, type Html, html } from '../kit/html.ts';
import { storeLayout } from '../web/layout.ts';
import { actions, copyable, linkButton, section } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import { time } from '../web/times.ts';
import type { Visit } from '../web/visit.ts';
import { formatBytes } from '../words/sizes.ts';
import { appIcon } from './app-icon.ts';
import { MANAGE, STORE } from './catalogue-pages.ts';
import { arrange } from './choose-offer-rules.ts';
import { storeWords } from './words.ts';

export interface AppPage {
  readonly account: Account;
  readonly app: App;
  readonly offers: readonly Offer[];
  readonly system: Platform | null;
  /** True for who looks after it: then downloads are counted on the page. */
  readonly manages: boolean;
}

export function appPage(site: Site, visit: Visit, { account, app, offers, system, manages }: AppPage): Html {
  const { app: w, platforms: names } = storeWords[visit.locale];
  const { locale } = visit;
  const { recommended, others, earlier } = arrange(offers, system);
  return storeLayout(site, visit, {
    title: app.name,
    current: 'store',
    person: account,
    back: { href: STORE, text: w.back },
    picture: appIcon(app, 'large'),
    body: html`${app.description !== '' && html`<p class="said">${app.description}</p>`}${
      recommended.length > 0
        ? section({ title: titleOf(recommended[0]!.platform), body: recommended.map(wholly) })
        : html`<p class="empty">${system === null ? w.chooseYours : w.nothingForYou(names[system])}</p>`
    }${list(recommended.length === 0 && system === null ? w.bySystem : w.otherSystems, others)}${list(w.earlier, earlier)}${
      manages && actions(linkButton(`${MANAGE}/${app.slug}`, w.manage))
    }`,
  });

  function titleOf(platform: Platform): string {
    return platform === 'any' ? w.anySystem : w.forSystem(names[platform]);
  }

  /** What most people came for: the button, what is new, the checksum. */
  function wholly(offer: Offer, index: number): Html {
    const kind = index === 0 ? 'primary' : 'secondary';
    return html`<div class="offer">${actions(buttons(offer, kind))}${facts(offer, 'all')}${
      offer.notes !== '' && html`<h3>${w.whatsNew}</h3><p class="said">${offer.notes}</p>`
    }${checksum(offer)}</div>`;
  }

  function list(title: string, rows: readonly Offer[]): Content {
    if (rows.length === 0) return null;
    const items = rows.map(
      (offer) =>
        html`<li><div class="what"><div class="title">${names[offer.platform]} · ${offer.version}</div>${facts(offer, 'rest')}${
          offer.notes !== '' &&
          html`<details><summary>${w.whatsNew}</summary><p class="said">${offer.notes}</p></details>`
        }${checksum(offer)}</div><div class="actions">${buttons(offer, 'secondary')}</div></li>`,
    );
    return section({ title, body: html`<ul class="items">${items}</ul>` });
  }

  function facts({ version, format, size, published_at, downloads }: Offer, told: 'all' | 'rest'): Html {
    return html`<p class="meta">${told === 'all' && html`<span>${w.version(version)}</span>`}<span>${format.toUpperCase()}</span><span>${formatBytes(size, locale)}</span><span>${w.publishedAgo} ${time(published_at, visit.now, locale, account.time_zone)}</span>${
      manages && html`<span>${w.downloads(downloads)}</span>`
    }</p>`;
  }

  /** An iPhone installs; everything else takes the file. */
  function buttons(build: Build, kind: 'primary' | 'secondary'): Content {
    const path = `${STORE}/${app.slug}/builds/${build.id}`;
    const label = w.downloadOf(build.file_name);
    const download = linkButton(`${path}/download`, w.download, { kind, icon: 'download', label });
    if (build.bundle === null) return download;
    return [
      linkButton(`${path}/install`, w.install, { kind, icon: 'phone', label: w.installOf(build.version) }),
      linkButton(`${path}/download`, w.download, { kind: 'quiet', icon: 'download', label }),
    ];
  }

  function checksum({ id, sha256, file_name }: Build): Html {
    return html`<details class="checksum"><summary aria-label="${w.checksumOf(file_name)}">${w.checksum}</summary><p class="hint">${w.checksumHint}</p>${copyable(
      { id: `sum-${id}`, text: sha256, copyText: w.copy, copiedText: w.copied },
    )}</details>`;
  }
}
