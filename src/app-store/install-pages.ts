import type { Account } from '../accounts/account.ts';
import type { Bundle } from '../builds/read-bundle.ts';
import { type Html, html } from '../kit/html.ts';
import { storeLayout } from '../web/layout.ts';
import { actions, linkButton } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { formatDuration } from '../words/dates.ts';
import { STORE } from './catalogue-pages.ts';
import { storeWords } from './words.ts';

export interface InstallPage {
  readonly account: Account;
  readonly app: { readonly slug: string; readonly name: string };
  readonly buildId: string;
  /** Where the device finds what to install. */
  readonly manifestUrl: string;
  /** Milliseconds for which it does. */
  readonly lifetime: number;
}

export function installPage(site: Site, visit: Visit, page: InstallPage): Html {
  const { install: w } = storeWords[visit.locale];
  const { account, app, buildId, manifestUrl, lifetime } = page;
  const path = `${STORE}/${app.slug}`;
  const install = `itms-services://?action=download-manifest&url=${encodeURIComponent(manifestUrl)}`;
  return storeLayout(site, visit, {
    title: w.title(app.name),
    lead: w.lead,
    current: 'store',
    person: account,
    back: { href: path, text: app.name },
    body: html`${actions(linkButton(install, w.button, { kind: 'primary', icon: 'phone' }))}
      <p>${w.once(formatDuration(lifetime, visit.locale))}</p><p class="hint">${w.signing}</p>
      ${actions(
        linkButton(`${path}/builds/${buildId}/install`, w.again, { kind: 'secondary' }),
        linkButton(`${path}/builds/${buildId}/download`, w.download, { kind: 'quiet', icon: 'download' }),
      )}`,
  });
}

/** What an iPhone reads before it installs: Apple's "Distribute proprietary in-house apps", manifest file. */
export function manifest(bundle: Bundle, fileUrl: string): string {
  const metadata = {
    'bundle-identifier': bundle.id,
    'bundle-version': bundle.version,
    kind: 'software',
    title: bundle.title,
  };
  const pairs = Object.entries(metadata).map(
    ([key, value]) => html`<key>${key}</key><string>${value}</string>`,
  );
  const body = html`<plist version="1.0"><dict><key>items</key><array><dict><key>assets</key><array><dict><key>kind</key><string>software-package</string><key>url</key><string>${fileUrl}</string></dict></array><key>metadata</key><dict>${pairs}</dict></dict></array></dict></plist>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n${body}\n`;
}
