import { type Html, html } from '../../kit/html.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { definitionList, section } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import { time } from '../../web/times.ts';
import type { Visit } from '../../web/visit.ts';
import { formatDay } from '../../words/dates.ts';
import { formatNumber, formatShare } from '../../words/numbers.ts';
import { columnChart, shareBar, tableBehind } from './charts.ts';
import type { DayCount } from './count-days.ts';
import type { Overview } from './gather.ts';
import type { Delivery } from './store.ts';
import { needsSomebody } from './todo-pages.ts';
import { overviewWords } from './words.ts';

/** The name of a kind of factor, in the reader's language. */
export type KindName = (kind: string) => string;

export function overviewPage(site: Site, visit: Visit, overview: Overview, kindName: KindName): Html {
  const w = overviewWords[visit.locale];
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'overview',
    person: overview.account,
    body: html`${needsSomebody(visit, overview)}${shares(visit, overview, kindName)}${tries(visit, overview)}${rightNow(visit, overview)}`,
  });
}

function shares(visit: Visit, { account, people, countedAt }: Overview, kindName: KindName): Html {
  const { people: w } = overviewWords[visit.locale];
  const { locale } = visit;
  if (people.people === 0) return section({ title: w.title, body: html`<p class="empty">${w.none}</p>` });
  const rows = [
    { name: w.any, count: people.protected },
    ...people.byKind.map(({ kind, people: count }) => ({ name: kindName(kind), count })),
  ].map(({ name, count }) => ({
    name,
    count,
    number: formatNumber(count, locale),
    share: formatShare(count, people.people, locale),
  }));
  const counted = html`<span class="muted">${w.counted} ${time(countedAt, visit.now, locale, account.time_zone)}.</span>`;
  return section({
    title: w.title,
    body: html`<p>${w.sentence(rows[0]!.share, rows[0]!.number, formatNumber(people.people, locale))} ${counted}</p>
      <ul class="shares">${rows.map(
        ({ name, count, number, share }) =>
          html`<li><span class="name">${name}</span><span class="number">${number} <span class="muted">(${share})</span></span>${shareBar(count, people.people)}</li>`,
      )}</ul>
      ${tableBehind({
        summary: w.table,
        heads: [w.method, w.people, w.share],
        rows: rows.map(({ name, number, share }) => [name, number, share]),
      })}`,
  });
}

function tries(visit: Visit, { days }: Overview): Html {
  const { tries: w } = overviewWords[visit.locale];
  return section({
    title: w.title,
    body: html`${dayChart(visit, days, { name: w.signedIn, lead: null, value: ({ signedIn }) => signedIn, look: 'good' })}
      ${dayChart(visit, days, { name: w.refused, lead: w.refusedLead, value: ({ refused }) => refused, look: 'bad' })}`,
  });
}

interface Series {
  readonly name: string;
  readonly lead: string | null;
  readonly value: (day: DayCount) => number;
  readonly look: 'good' | 'bad';
}

/** A heading, a sentence with the sum and the highest, the columns, and the same as a table. */
function dayChart(visit: Visit, days: readonly DayCount[], { name, lead, value, look }: Series): Html {
  const { tries: w } = overviewWords[visit.locale];
  const { locale } = visit;
  const number = (count: number) => formatNumber(count, locale);
  const day = (at: number) => formatDay(at, locale, null);
  const total = days.reduce((sum, one) => sum + value(one), 0);
  const most = days.reduce((best, one) => (value(one) > value(best) ? one : best));
  const columns = days.map((one) => ({ value: value(one), title: `${day(one.day)}: ${number(value(one))}` }));
  return html`<figure class="chart"><figcaption><h3>${name}</h3><p class="meta">${lead && html`${lead} `}${
    total === 0 ? w.nothing : w.total(number(total), number(value(most)), day(most.day))
  }</p></figcaption>${columnChart(columns, look)}<p class="ends" aria-hidden="true"><span>${day(days[0]!.day)}</span><span>${day(days.at(-1)!.day)}</span></p>${tableBehind(
    {
      summary: w.table,
      heads: [w.day, name],
      rows: days.toReversed().map((one) => [day(one.day), number(value(one))]),
    },
  )}</figure>`;
}

function rightNow(visit: Visit, { holds, mails, texts, clockOffset, oneClock }: Overview): Html {
  const { now: w } = overviewWords[visit.locale];
  const number = (count: number) => formatNumber(count, visit.locale);
  const delivery = ({ sent, waiting, late, failed }: Delivery) =>
    w.delivery(number(sent), number(waiting), number(late), number(failed));
  return section({
    title: w.title,
    body: definitionList([
      { term: w.codesHeld, value: number(holds.codesHeld) },
      { term: w.codesClosed, value: number(holds.codesClosed) },
      { term: w.passwordWaits, value: number(holds.passwordWaits) },
      { term: w.mails, value: delivery(mails) },
      ...(texts ? [{ term: w.texts, value: delivery(texts) }] : []),
      {
        term: w.clock,
        value: oneClock ? w.clockSame : w.clockOff((clockOffset / 1000).toFixed(1)),
      },
    ]),
  });
}
