import type { MailboxEntry } from '../delivery/mailbox.ts';
import { type Html, html, trusted } from '../kit/html.ts';
import { bareLayout } from '../web/layout.ts';
import type { Site } from '../web/site.ts';
import { time } from '../web/times.ts';
import type { Visit } from '../web/visit.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

const words = { en, es };

export function mailboxPage(site: Site, visit: Visit, entries: readonly MailboxEntry[]): Html {
  const w = words[visit.locale];
  return bareLayout(site, visit, {
    title: w.title,
    wide: true,
    body: html`
      <p class="lead">${site.keepsTexts ? w.lead : w.leadMails}</p>
      ${entries.length === 0 ? html`<p class="empty">${w.empty}</p>` : null}
      ${entries.map(
        (entry, index) => html`<details class="letter"${index === 0 ? trusted(' open') : null}>
          <summary><strong>${entry.subject || w.sms}</strong> <span class="meta">${w.to} ${entry.to} · ${time(entry.at, visit.now, visit.locale, null)}</span></summary>
          <div class="letter-text">${linked(entry.text)}</div>
        </details>`,
      )}`,
  });
}

/** Links stand alone on a line of the text part: those lines can be clicked. */
function linked(text: string): Html[] {
  return text
    .split('\n')
    .map((line) => (/^https?:\/\/\S+$/.test(line) ? html`<a href="${line}">${line}</a>\n` : html`${line}\n`));
}
