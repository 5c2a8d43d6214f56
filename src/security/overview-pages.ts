import type { Account } from '../accounts/account.ts';
import type { FactorRow } from '../factors/factor.ts';
import { type Loss, outcomeOf } from '../factors/loss-rules.ts';
import { type Content, type Html, html } from '../kit/html.ts';
import { frozenUntil } from '../policy/freeze.ts';
import type { Demand } from '../policy/rules.ts';
import type { TrustedBrowser } from '../sessions/trusted-browser.ts';
import type { IconName } from '../web/icons.ts';
import { accountLayout } from '../web/layout.ts';
import { actions, itemList, linkButton, notice, section, status } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import { time } from '../web/times.ts';
import type { Visit } from '../web/visit.ts';
import { formatInstant } from '../words/dates.ts';
import { listOf } from '../words/lists.ts';
import type { NoticeLink } from '../words/notices.ts';
import { checkUpCard, type ShownCheckUp } from './check-up-pages.ts';
import { lossAdviceCard } from './loss-advice-pages.ts';
import { lossSection } from './loss-pages.ts';
import { browsersSection } from './trusted-browser-pages.ts';
import { securityWords as words } from './words.ts';

const KEYS = '/account/security/keys';

/** A factor as the page shows it: what its own room says of it stands in plain text here. */
export interface ShownFactor {
  readonly row: FactorRow;
  readonly icon: IconName;
  readonly detail: string | null;
  /** False where it can't answer here and now. */
  readonly works: boolean;
  /** False of a kind that the organisation does not accept any more. */
  readonly accepted: boolean;
}

export interface Overview {
  readonly account: Account;
  readonly factors: readonly ShownFactor[];
  /** "an authenticator app", "2 security keys": one for each kind that works. */
  readonly protectedBy: readonly string[];
  /** Links to set up one more of each kind that there can be. */
  readonly adding: readonly { readonly href: string; readonly text: string }[];
  readonly losses: readonly Loss[];
  readonly codes: { readonly left: number; readonly madeAt: number } | null;
  /** Null where 2FA is off, or administrators forbid to trust any. */
  readonly browsers: readonly TrustedBrowser[] | null;
  /** The number of the code to type, where a check-up is due. */
  readonly checkUp: ShownCheckUp | null;
  /** This session began with a recovery code: what to do about what was lost. */
  readonly advise?: boolean;
  /** Why a second factor is demanded of this person; null: none is. */
  readonly required: Demand;
  readonly message: Content;
  /** What that sentence leads to. */
  readonly more?: NoticeLink | null;
  /** What the browser should know of the factors, and its scripts. */
  readonly told: readonly { readonly mark: Html; readonly scripts: readonly string[] }[];
}

/** Reads like a health report: one sentence first, then what it rests on (look, section 3). */
export function overviewPage(site: Site, visit: Visit, overview: Overview): Html {
  const { overview: w } = words[visit.locale];
  const { account, message, told } = overview;
  const next = leadsOn(overview) ? overview.more : null;
  return accountLayout(site, visit, {
    title: w.title,
    current: 'security',
    person: account,
    notice: message
      ? notice(
          'success',
          html`<span>${message}</span>${next && html` <a href="${next.href}">${next.text}</a>`}`,
        )
      : null,
    body: html`${whileFrozen(visit, account)}<h2 class="subtitle">${w.heading}</h2>${account.two_factor_at === null ? whileOff(visit, overview) : whileOn(visit, overview)}${told.map(({ mark }) => mark)}`,
    scripts: told.flatMap(({ scripts }) => scripts),
  });
}

/** Not to a method that the person has, or that is not accepted here. */
function leadsOn({ more, adding, factors }: Overview): boolean {
  if (more?.href !== KEYS) return true;
  return adding.some(({ href }) => href === KEYS) && !factors.some(({ row }) => row.kind === 'webauthn');
}

/** Told before somebody fills in a form that would be refused. */
function whileFrozen(visit: Visit, account: Account): Html | null {
  const { overview: w } = words[visit.locale];
  const until = frozenUntil(account, visit.now);
  if (until === null) return null;
  const instant = formatInstant(until, visit.locale, account.time_zone);
  return notice('warning', html`${w.frozen(instant)} <a href="/forgot-password">${w.byMail}</a>`);
}

function whileOff(visit: Visit, { adding, required }: Overview): Html {
  const { overview: w } = words[visit.locale];
  const [first, ...others] = adding;
  return html`
    ${notice('warning', w.off)}
    <p>${w.offLead} <a href="/help">${w.how}</a></p>
    ${required ? html`<p>${w.required[required]}</p>` : null}
    ${actions(
      first && linkButton(first.href, w.enable, { kind: 'primary', icon: 'shield', role: 'button' }),
      others.map(({ href, text }) => linkButton(href, text, { kind: 'quiet' })),
    )}`;
}

function whileOn(visit: Visit, overview: Overview): Html {
  const { overview: w } = words[visit.locale];
  const { account, factors, adding, checkUp, required } = overview;
  const more = adding.map(({ href, text }) => linkButton(href, text, { icon: 'plus' }));
  return html`
    ${healthReport(visit, overview)}
    ${overview.advise ? lossAdviceCard(visit, notSuspended(factors)) : null}
    ${checkUp ? checkUpCard(visit, account, checkUp) : null}
    ${section({
      title: w.factors,
      body: html`${factorList(visit, account, factors)}${more.length > 0 ? actions(more) : null}`,
    })}
    ${codesSection(visit, overview)}
    ${lossSection(visit, overview)}
    ${browsersSection(visit, account, overview.browsers)}
    ${required ? html`<p class="muted">${w.required[required]}</p>` : html`<p><a class="danger" href="/account/security/disable">${w.disable}</a></p>`}`;
}

function notSuspended(factors: readonly ShownFactor[]) {
  return factors.flatMap(({ row }) => (row.suspended_at === null ? row : []));
}

/** "Your account is protected by an authenticator app and a security key. Losing your phone would not lock you out." */
function healthReport(visit: Visit, { factors, protectedBy, losses, codes }: Overview): Html {
  const { overview: w } = words[visit.locale];
  if (protectedBy.length === 0) return notice('warning', w.noneWorks);
  const on = w.on(listOf(visit.locale, protectedBy));
  if (!factors.some(({ accepted, works }) => accepted && works))
    return notice('warning', html`${on} ${w.noneAccepted}`);
  const left = codes?.left ?? 0;
  const outcomes = losses.map((loss) => outcomeOf(loss, left));
  // What is synced is lost with no phone either.
  const losesPhone = losses.length === 0 || losses.some(({ carrier }) => carrier === 'phone');
  if (outcomes.includes('locked-out'))
    return notice('warning', html`${on} ${losesPhone ? w.atRisk : w.atRiskKey}`);
  if (outcomes.includes('last-code'))
    return notice('warning', html`${on} ${losesPhone ? w.oneCode : w.oneCodeKey}`);
  const few = left <= 3 ? html` ${w.fewCodes(left)}` : null;
  const spared = outcomes.includes('codes');
  const safe = losesPhone ? (spared ? w.safe : w.safeAnyhow) : spared ? w.safeOnlyKey : w.safeKey;
  return few
    ? notice('warning', html`${on} ${safe}${few}`)
    : status('success', 'shield', html`${on} ${safe}`);
}

function factorList(visit: Visit, account: Account, factors: readonly ShownFactor[]): Html {
  const { overview: w } = words[visit.locale];
  const at = (instant: number) => time(instant, visit.now, visit.locale, account.time_zone);
  return itemList(
    factors.map(({ row, icon, detail, works, accepted }) => ({
      icon,
      title: html`${row.label}${detail === null ? null : html` <span class="muted">${detail}</span>`}${
        works && row.preferred === 1 ? html` <span class="tag">${w.preferred}</span>` : null
      }${row.suspended_at !== null ? html` <span class="tag warning">${w.suspended}</span>` : null}${!accepted && html` <span class="tag warning">${w.forbidden}</span>`}`,
      meta: html`${w.added} ${at(row.created_at)} · ${
        row.last_used_at === null ? w.never : html`${w.used} ${at(row.last_used_at)}`
      }`,
      actions: linkButton(`/account/security/factors/${row.id}`, w.manage, {
        kind: 'quiet',
        label: `${w.manage}: ${row.label}`,
      }),
    })),
    w.noFactors,
  );
}

function codesSection(visit: Visit, { account, codes }: Overview): Html {
  const { overview: w } = words[visit.locale];
  return section({
    title: w.codes,
    body: itemList(
      [
        {
          icon: 'key',
          title: w.codesLeft(codes?.left ?? 0),
          meta: codes
            ? html`${w.codesMade} ${time(codes.madeAt, visit.now, visit.locale, account.time_zone)}`
            : null,
          actions: linkButton('/account/security/recovery-codes', w.newCodes),
        },
      ],
      '',
    ),
  });
}
