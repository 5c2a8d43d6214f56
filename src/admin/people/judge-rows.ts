import { ROLES, type Role } from '../../accounts/account.ts';
import { readAddress } from '../../accounts/address.ts';
import { readName } from '../../accounts/create-account.ts';
import { groupName } from '../../groups/name.ts';

/** Invited at once, in one transaction. */
export const MOST_ROWS = 1_000;

/** One line of the list as it was typed. */
export interface TypedRow {
  /** In the text, from 1; of a row over several lines the last. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Column -> its place in a row. */
export type Columns = Readonly<Record<'email' | 'name', number> & Partial<Record<'role' | 'groups', number>>>;

const NAMES = ['email', 'name', 'role', 'groups'] as const;

/** A first row that names columns, in whatever order; null for one that is a person. */
export function readColumns(cells: readonly string[]): Columns | 'unknown' | null {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  if (!names.includes('email')) return null;
  const known = names.every(
    (name, index) => NAMES.some((one) => one === name) && names.indexOf(name) === index,
  );
  if (!known || !names.includes('name')) return 'unknown';
  return Object.fromEntries(names.map((name, index) => [name, index])) as unknown as Columns;
}

export const PLAIN_COLUMNS: Columns = { email: 0, name: 1, role: 2, groups: 3 };

/** What is wrong with a row. `value`: the word that is no role, the name of no group. */
export type Complaint =
  | { readonly kind: 'cells' | 'email' | 'taken' | 'name' }
  | { readonly kind: 'role' | 'group'; readonly value: string }
  | { readonly kind: 'twice'; readonly line: number };

export interface JudgedRow {
  readonly line: number;
  readonly email: string;
  /** By which an account is found; empty for no address. */
  readonly key: string;
  readonly name: string;
  readonly role: Role;
  readonly groups: readonly string[];
  readonly complaints: readonly Complaint[];
}

/** What is there already: groups by the key of their name, and addresses that are somebody's. */
export interface Known {
  readonly groups: ReadonlyMap<string, string>;
  readonly taken: ReadonlySet<string>;
}

/** The addresses of the rows, to be looked up before they are judged. */
export function addressKeys(rows: readonly TypedRow[], columns: Columns): string[] {
  return rows.flatMap(({ cells }) => readAddress(cells[columns.email] ?? '')?.key ?? []);
}

/** Every mistake of every row, so that nobody mends one only to hear of the next. */
export function judgeRows(rows: readonly TypedRow[], columns: Columns, known: Known): JudgedRow[] {
  const first = new Map<string, number>();
  return rows.map(({ line, cells }) => {
    const cell = (name: (typeof NAMES)[number]) => (cells[columns[name] ?? -1] ?? '').trim();
    const address = readAddress(cell('email'));
    const name = readName(cell('name'));
    const role = cell('role') === '' ? 'member' : ROLES.find((one) => one === cell('role').toLowerCase());
    // As the operator's import takes them, too: semicolons, or commas in quotation marks.
    const named = cell('groups')
      .split(/[;,]/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
    const groups = named.map((text) => ({ text, id: known.groups.get(groupName(text)?.key ?? '') }));
    const earlier = address ? first.get(address.key) : undefined;
    if (address && earlier === undefined) first.set(address.key, line);
    const complaints: (Complaint | false)[] = [
      cells.length > Object.keys(columns).length && { kind: 'cells' },
      !address && { kind: 'email' },
      earlier !== undefined && { kind: 'twice', line: earlier },
      address !== null && known.taken.has(address.key) && { kind: 'taken' },
      name === null && { kind: 'name' },
      role === undefined && { kind: 'role', value: cell('role') },
      ...groups.map(({ text, id }) => id === undefined && ({ kind: 'group', value: text } as const)),
    ];
    return {
      line,
      email: address?.address ?? cell('email'),
      key: address?.key ?? '',
      name: name ?? cell('name'),
      role: role ?? 'member',
      groups: [...new Set(groups.flatMap(({ id }) => id ?? []))],
      complaints: complaints.filter((one) => one !== false),
    };
  });
}
