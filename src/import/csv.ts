import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { localPart } from './json-file.ts';
import { BadFile, type Row, type Source, USUAL_APP } from './newcomer.ts';

const COLUMNS = ['email', 'name', 'roles', 'groups', 'password_hash', 'totp_secret', 'locale'] as const;
type Column = (typeof COLUMNS)[number];

interface Line {
  readonly record: readonly string[];
  /** `lines`: how many were read with this record. */
  readonly info: { readonly lines: number };
}

/**
 * RFC 4180 in UTF-8, its first line naming the columns: `email` and any of the others. Several roles or groups have
 * semicolons between them. The operator vouches for the addresses, as with `account create`.
 */
export const csv: Source = {
  async *read(path) {
    // One record at a time: what is wrong with its length is told of each.
    const parser = parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true });
    // What goes wrong on the way is what the reader of the parser is told.
    pipeline(createReadStream(path), parser, () => {});
    let columns: readonly Column[] | null = null;
    try {
      for await (const { record, info } of parser as AsyncIterable<Line>) {
        if (columns) yield rowOf(columns, { record, info });
        else columns = readHeader(record);
      }
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      // After a quote too many or too few, nobody knows where the next row begins.
      yield {
        place: `line ${Number(error['lines'] ?? 0)}`,
        problem: 'a quotation mark is missing or too many',
      };
    }
    if (!columns) throw new BadFile('The file is empty: its first line names the columns.');
  },
};

function readHeader(record: readonly string[]): readonly Column[] {
  const names = record.map((name) => name.trim().toLowerCase());
  const wrong = names.find(
    (name, index) => !COLUMNS.includes(name as Column) || names.indexOf(name) !== index,
  );
  if (wrong !== undefined || !names.includes('email'))
    throw new BadFile(
      `The first line names the columns: email, and any of ${COLUMNS.slice(1).join(', ')}, once each.`,
    );
  return names as Column[];
}

function rowOf(columns: readonly Column[], { record, info }: Line): Row {
  // Where it begins: a field may hold line breaks.
  const breaks = record.reduce((sum, value) => sum + value.split('\n').length - 1, 0);
  const place = `line ${info.lines - breaks}`;
  if (record.length !== columns.length)
    return { place, problem: `has ${record.length} values where the first line has ${columns.length}` };
  const value = (column: Column): string => record[columns.indexOf(column)]?.trim() ?? '';
  const list = (column: Column): string[] =>
    value(column)
      .split(';')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  const secret = value('totp_secret');
  return {
    place,
    email: value('email'),
    name: value('name') || localPart(value('email')),
    proven: true,
    suspended: false,
    locale: value('locale'),
    password: value('password_hash') || null,
    apps: secret === '' ? [] : [{ ...USUAL_APP, secret, encoding: 'base32', label: '' }],
    roles: list('roles').map((role) => role.toLowerCase()),
    groups: list('groups'),
    notKept: [],
  };
}
