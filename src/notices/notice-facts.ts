import type { Account } from '../accounts/account.ts';
import type { Fact } from '../delivery/letter.ts';
import { oneLine } from '../delivery/one-line.ts';
import { labelIn, unnamed } from '../factors/label.ts';
import { formatDuration, formatInstant, formatTime } from '../words/dates.ts';
import type { Locale } from '../words/locale.ts';
import { describeBrowser } from './browser-name.ts';
import type { Notice } from './notice.ts';
import type { Said } from './notice-words.en.ts';
import type { NoticePlace } from './notify.ts';
import { noticeWords } from './words.ts';

type Named = Extract<Notice, { readonly label: string }>;
type Zoned = Pick<Account, 'time_zone'>;

/** What the sentences of a notice mention. */
export function said(
  notice: Notice,
  { now }: NoticePlace,
  { time_zone }: Zoned,
  brand: string,
  locale: Locale,
): Said {
  const until = 'until' in notice ? notice.until : now;
  return {
    brand,
    app: 'app' in notice ? oneLine(notice.app, 100) : '',
    may: 'may' in notice ? notice.may : [],
    factor: 'label' in notice ? factorName(aboutWhich(notice), locale) : '',
    method: 'method' in notice ? notice.method : '',
    phone: 'method' in notice && notice.method === 'sms',
    address: 'to' in notice ? notice.to : '',
    remaining: 'remaining' in notice ? notice.remaining : 0,
    until: formatTime(until, locale, time_zone),
    wait: formatDuration(until - now, locale),
    effective: formatInstant('effectiveAt' in notice ? notice.effectiveAt : until, locale, time_zone),
    suspended: notice.kind === 'security_frozen' && notice.method ? factorName(notice, locale) : '',
    own: 'by' in notice && notice.by === 'self',
    reset: 'how' in notice && notice.how === 'reset',
    signedIn: notice.kind === 'recovery_cancelled' && notice.by === 'sign-in',
    changed: notice.kind === 'recovery_cancelled' && notice.by === 'change',
    keys: 'keys' in notice && notice.keys === true,
    browsers: 'browsers' in notice && notice.browsers === true,
    role: notice.kind === 'role_changed' ? notice.role : null,
    byOther: notice.kind === 'factor_removed' && notice.by !== undefined,
  };
}

/** The table of a notice: what it is about, then when and from where. */
export function factsOf(notice: Notice, place: NoticePlace, { time_zone }: Zoned, locale: Locale): Fact[] {
  const { terms } = noticeWords[locale];
  return [
    ...ownFacts(notice, locale, time_zone),
    { term: terms.time, value: formatInstant(place.now, locale, time_zone) },
    ...(place.network ? [{ term: terms.network, value: place.network }] : []),
    ...(place.browser ? [{ term: terms.browser, value: describeBrowser(place.browser, locale) }] : []),
  ];
}

function ownFacts(notice: Notice, locale: Locale, zone: string | null): Fact[] {
  const { terms, yourself, operator } = noticeWords[locale];
  const fact = (term: keyof typeof terms, value: string): Fact => ({ term: terms[term], value });
  switch (notice.kind) {
    case 'two_factor_on':
    case 'factor_added':
    case 'factor_removed':
    case 'key_suspended':
    case 'replace_undone':
    case 'factor_replaced':
      return [
        fact('method', methodName(notice.method, locale)),
        ...named(notice.label, locale, notice.method),
        ...(notice.kind === 'factor_replaced' ? replaced(notice, locale) : []),
        ...('ending' in notice && notice.ending !== undefined ? [fact('ending', notice.ending)] : []),
        ...(notice.kind === 'factor_removed' && notice.by !== undefined ? [fact('doneBy', notice.by)] : []),
      ];
    case 'two_factor_off':
      return [fact('doneBy', notice.by === 'self' ? yourself : operator)];
    case 'code_used':
    case 'codes_low':
      return [fact('remaining', String(notice.remaining))];
    case 'email_changed':
      return [fact('oldAddress', notice.from), fact('newAddress', notice.to)];
    case 'email_change_undone':
      return [fact('address', notice.to)];
    case 'recovery_address_added':
    case 'recovery_address_removed':
      return [fact('address', notice.address)];
    case 'admin_reset':
      return [fact('doneBy', notice.by === 'operator' ? operator : notice.by), fact('reason', notice.reason)];
    case 'role_changed':
      return [fact('doneBy', notice.by === 'operator' ? operator : notice.by)];
    case 'account_leaving':
      return [
        fact('effective', formatInstant(notice.effectiveAt, locale, zone)),
        fact('doneBy', byWhom(notice.by, locale)),
        ...(notice.reason ? [fact('reason', notice.reason)] : []),
      ];
    case 'account_kept':
      return [fact('doneBy', byWhom(notice.by, locale))];
    case 'recovery_requested':
      return [fact('effective', formatInstant(notice.effectiveAt, locale, zone))];
    case 'temporary_pass':
      return [
        fact('doneBy', notice.by),
        fact('reason', notice.reason),
        fact('until', formatInstant(notice.until, locale, zone)),
      ];
    default:
      return [];
  }
}

function byWhom(by: string, locale: Locale): string {
  const { yourself, operator, administrator } = noticeWords[locale];
  return { self: yourself, operator, administrator }[by] ?? by;
}

function named(label: string, locale: Locale, method?: string): Fact[] {
  const name = ownName(label, method);
  return name ? [{ term: noticeWords[locale].terms.name, value: name }] : [];
}

/** Of several apps or keys one wants to know which no longer works. */
function replaced(notice: Named, locale: Locale): Fact[] {
  const { label, method } = aboutWhich(notice);
  if (label === '') return [];
  const value = ownName(label, method) || labelIn(locale, label, (one) => methodName(method, one));
  return [{ term: noticeWords[locale].terms.replaces, value }];
}

/** A mail about a replacement is about the one that was replaced. */
function aboutWhich(notice: Named): { readonly label: string; readonly method: string } {
  return notice.kind === 'factor_replaced' ? { ...notice, label: notice.undo.label ?? '' } : notice;
}

function methodName(method: string, locale: Locale): string {
  const { methods, otherMethod } = noticeWords[locale];
  return methods[method] ?? otherMethod;
}

/** `Security key “Blue”`, `Security key 2` */
function factorName(notice: { readonly label: string; readonly method?: string }, locale: Locale): string {
  const method = methodName(notice.method ?? 'totp', locale);
  const name = ownName(notice.label, notice.method);
  return name
    ? `${method} ${noticeWords[locale].quoted(name)}`
    : labelIn(locale, notice.label || method, (one) => methodName(notice.method ?? 'totp', one));
}

/** Empty where the person gave none: what has no name is called after its method, in whatever language it was. */
function ownName(label: string, method = ''): string {
  const name = cleanLabel(label);
  return unnamed(name, (locale) => methodName(method, locale)) === null ? name : '';
}

/** A name that a person typed. Somebody may have named a phone by its number: only the last two digits are told (R76). */
function cleanLabel(label: string): string {
  return oneLine(label, 60).replace(/\+?\d[\d ().-]{4,}\d/g, (number) => `…${number.slice(-2)}`);
}
