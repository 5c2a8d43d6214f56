import { type Account, rolesOf } from '../accounts/account.ts';
import { type Html, html, trusted } from '../kit/html.ts';
import { field, form, select } from '../web/fields.ts';
import { icon } from '../web/icons.ts';
import { accountLayout } from '../web/layout.ts';
import { button, definitionList, notice, section } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { formatDay } from '../words/dates.ts';
import { LOCALES } from '../words/locale.ts';
import { zoneGroups } from './time-zones.ts';
import { profileWords } from './words.ts';

/** What every page of the account says besides its own. */
export interface Said extends Partial<Complaints> {
  /** What was just done. */
  readonly message?: string | null;
}

export function saying({ message, error }: Said): Html | null {
  if (error) return notice('danger', error);
  return message ? notice('success', message) : null;
}

export interface ProfileForm extends Said {
  readonly account: Account;
  /** As typed, when it was refused. */
  readonly name: string;
  readonly locale: string;
  readonly timeZone: string;
}

export function profilePage(site: Site, visit: Visit, profile: ProfileForm): Html {
  const { profile: w } = profileWords[visit.locale];
  const { account, fields = {} } = profile;
  const languages = LOCALES.map((value) => ({ value, text: w.languages[value] }));
  return accountLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'profile',
    person: account,
    notice: saying(profile),
    body: html`${form({
      action: '/account',
      body: html`
        ${field({ name: 'name', label: w.name, value: profile.name, autocomplete: 'name', required: true, maxlength: 100, error: fields['name'] ?? null })}
        ${select({ name: 'locale', label: w.language, value: profile.locale, options: [{ value: '', text: w.browserLanguage }, ...languages], error: fields['locale'] ?? null })}
        ${timeZoneField(visit, profile.timeZone, fields['time_zone'])}
        ${button(w.save)}`,
    })}
    ${section({
      title: w.about,
      body: definitionList([
        { term: w.email, value: html`${account.email} · <a href="/account/email">${w.change}</a>` },
        {
          term: w.roles,
          value: rolesOf(account)
            .map((role) => w.roleNames[role])
            .join(', '),
        },
        { term: w.since, value: formatDay(account.created_at, visit.locale, account.time_zone) },
      ]),
    })}
    <p><a href="/account/export">${w.download}</a></p>
    <p><a class="danger" href="/account/delete">${w.leave}</a></p>`,
  });
}

/** By part of the world, so that four hundred zones can be looked through. */
function timeZoneField(visit: Visit, value: string, error: string | undefined): Html {
  const { profile: w } = profileWords[visit.locale];
  const regions: Readonly<Record<string, string>> = w.regions;
  const option = (zone: string, text: string) =>
    html`<option value="${zone}"${zone === value && trusted(' selected')}>${text}</option>`;
  const groups = zoneGroups().map(
    ({ name, zones }) =>
      html`<optgroup label="${name === null ? w.otherZones : (regions[name] ?? name)}">${zones.map((zone) => option(zone.value, zone.text))}</optgroup>`,
  );
  const listed = value === '' || zoneGroups().some(({ zones }) => zones.some((zone) => zone.value === value));
  const described = error ? 'f-time_zone-hint f-time_zone-error' : 'f-time_zone-hint';
  return html`<div class="field"><label for="f-time_zone">${w.timeZone}</label><p class="hint" id="f-time_zone-hint">${w.timeZoneHint}</p><div class="select"><select id="f-time_zone" name="time_zone" aria-describedby="${described}"${error && trusted(' aria-invalid="true"')}>${option('', w.noTimeZone)}${listed ? null : option(value, value)}${groups}</select></div>${error && html`<p class="error" id="f-time_zone-error">${icon('danger')}<span>${error}</span></p>`}</div>`;
}
