import { isTimeZone } from '../words/dates.ts';

export interface ZoneGroup {
  /** `Europe`; null for zones that belong to no part of the world. */
  readonly name: string | null;
  readonly zones: readonly { readonly value: string; readonly text: string }[];
}

/** The zones that this runtime knows, by part of the world. */
export function zoneGroups(): readonly ZoneGroup[] {
  groups ??= group(Intl.supportedValuesOf('timeZone'));
  return groups;
}

let groups: readonly ZoneGroup[] | null = null;

function group(zones: readonly string[]): ZoneGroup[] {
  const found = new Map<string | null, { value: string; text: string }[]>();
  for (const value of zones) {
    if (value === 'UTC') continue;
    const slash = value.indexOf('/');
    const name = slash < 0 ? null : value.slice(0, slash);
    const members = found.get(name) ?? [];
    found.set(name, members);
    members.push({
      value,
      text: value
        .slice(slash + 1)
        .replaceAll('_', ' ')
        .replaceAll('/', ' · '),
    });
  }
  return [...found].map(([name, members]) => ({ name, zones: members }));
}

/** A zone under the name by which the list has it; a former name such as `Asia/Calcutta` stays one. Null: none. */
export function readTimeZone(text: string): string | null {
  if (!isTimeZone(text)) return null;
  const lower = text.toLowerCase();
  const listed = zoneGroups()
    .flatMap(({ zones }) => zones)
    .find(({ value }) => value.toLowerCase() === lower);
  return listed?.value ?? new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
}
