import { CLOCK_TOLERANCE } from '../../kit/clock.ts';
import type { Html } from '../../kit/html.ts';
import { type Item, itemList, linkButton, section, status } from '../../web/parts.ts';
import type { Visit } from '../../web/visit.ts';
import { formatDay } from '../../words/dates.ts';
import { formatNumber } from '../../words/numbers.ts';
import { APP, EVERYONE, TWO_FACTOR } from '../sign-in-rules/paths.ts';
import type { Overview } from './gather.ts';
import { overviewWords } from './words.ts';

export const AT_RISK = '/admin/overview/at-risk';

/** What somebody has to look after, the most pressing first, each with the place where that is done. */
export function needsSomebody(visit: Visit, overview: Overview): Html {
  const { todo: w } = overviewWords[visit.locale];
  const items = [
    ...clock(visit, overview),
    ...help(visit, overview),
    ...delivery(visit, overview),
    ...coming(visit, overview),
    ...risk(visit, overview),
  ];
  const body = items.length > 0 ? itemList(items, '') : status('success', 'check', w.nothing);
  return section({ title: w.title, body });
}

function clock({ locale }: Visit, { clockOffset }: Overview): Item[] {
  const { todo: w } = overviewWords[locale];
  if (Math.abs(clockOffset) <= CLOCK_TOLERANCE) return [];
  const seconds = (Math.abs(clockOffset) / 1000).toFixed(0);
  return [{ icon: 'danger', title: w.clock(seconds), meta: w.clockMeta }];
}

function help({ locale }: Visit, { helpRequests }: Overview): Item[] {
  const { todo: w } = overviewWords[locale];
  if (helpRequests === 0) return [];
  const actions = linkButton('/admin/recovery', w.helpLink);
  return [{ icon: 'user', title: w.help(helpRequests), meta: w.helpMeta, actions }];
}

function delivery({ locale }: Visit, { mails, texts }: Overview): Item[] {
  const { todo: w } = overviewWords[locale];
  const say = (count: number, sentence: (count: number, shown: string) => string, meta: string): Item[] =>
    count === 0 ? [] : [{ icon: 'warning', title: sentence(count, formatNumber(count, locale)), meta }];
  return [
    ...say(mails.late, w.late, w.lateMeta),
    ...say(mails.failed, w.failed, w.failedMeta),
    ...say(texts?.late ?? 0, w.lateTexts, w.lateMeta),
    ...say(texts?.failed ?? 0, w.failedTexts, w.failedMeta),
  ];
}

function coming({ locale }: Visit, { account, coming }: Overview): Item[] {
  const { todo: w, everyone } = overviewWords[locale];
  return coming.map(({ rule, without }) => {
    const { group, client } = rule;
    const whom = client ? w.app(client.name) : (group?.name ?? everyone);
    const day = formatDay(rule.required_from_at, locale, account.time_zone);
    const href = `${TWO_FACTOR}/${client ? APP + client.id : (group?.id ?? EVERYONE)}`;
    return {
      icon: 'clock',
      title: w.coming(whom, day),
      meta: w.comingMeta(without, formatNumber(without, locale)),
      ...(without > 0 && {
        actions: linkButton(href, w.comingLink, { label: `${w.comingLink}: ${whom}` }),
      }),
    };
  });
}

function risk({ locale }: Visit, { people }: Overview): Item[] {
  const { todo: w } = overviewWords[locale];
  const { atRisk, atRiskMost } = people;
  if (atRisk === 0) return [];
  const shown = formatNumber(atRisk, locale);
  const title = atRiskMost ? w.atRiskMost(shown) : w.atRisk(atRisk, shown);
  const actions = linkButton(AT_RISK, w.atRiskLink, { label: `${w.atRiskLink}: ${title}` });
  return [{ icon: 'key', title, meta: w.atRiskMeta, actions }];
}
