import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import { localPart } from './json-file.ts';
import { BadFile, type Row, type Source, USUAL_APP } from './newcomer.ts';
import { utf8Reader } from './utf8.ts';

const COLUMNS = ['email', 'name', 'roles', 'groups', 'password_hash', 'totp_secret', 'locale'] as const;
type Column = (typeof COLUMNS)[number];

/**
 * RFC 4180 in UTF-8, its first line naming the columns: `email` and any of the others. Several roles or groups have
 * semicolons between them. The operator vouches for the addresses, as with `account create`.
 */
export const csv: Source = {
  async *read(path) {
    let broken = Number.POSITIVE_INFINITY;
    const parser = parse({
      bom: true,
      // What is wrong with a row's length is told of each.
      relax_column_count: true,
      skip_records_with_error: true,
      on_skip(error) {
        broken = Math.min(broken, Number(error?.['records'] ?? 0));
        return undefined;
      },
    });
    // What goes wrong with the file is what the reader of the parser is told.
    pipeline(createReadStream(path), onlyUtf8, parser, () => {});
    let columns: readonly Column[] | null = null;
    let records = 0;
    // The parser's own count is off after a CR LF within quotation marks.
    let line = 1;
    for await (const record of parser as AsyncIterable<readonly string[]>) {
      // After a quotation mark too many or too few, nobody knows where the next row begins.
      if (records >= broken) break;
      if (!columns) columns = readHeader(record);
      else if (record.length > 1 || record[0] !== '') yield rowOf(columns, `line ${line}`, record);
      records += 1;
      line += 1 + record.reduce((sum, value) => sum + (value.match(LINE_BREAK)?.length ?? 0), 0);
    }
    if (Number.isFinite(broken))
      yield { place: `line ${line}`, problem: 'there is a quotation mark too few or too many' };
    if (!columns) throw new BadFile('The file is empty: its first line must name the columns.');
  },
};

/** @throws {BadFile} */
async function* onlyUtf8(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const read = utf8Reader();
  for await (const piece of pieces) {
    read(piece);
    yield piece;
  }
  read();
}

const LINE_BREAK = /\r\n|\n|\r/g;

function readHeader(record: readonly string[]): readonly Column[] {
  const names = record.map((name) => name.trim().toLowerCase());
  // As spreadsheets write it where the comma parts a number from its decimals.
  if (names.length === 1 && names[0]?.includes(';'))
    throw new BadFile('Put commas between the columns, not semicolons.');
  const wrong = names.find(
    (name, index) => !COLUMNS.includes(name as Column) || names.indexOf(name) !== index,
  );
  if (wrong !== undefined || !names.includes('email'))
    throw new BadFile(
      `The first line must name the columns: email, and any of ${COLUMNS.slice(1).join(', ')}, once each.`,
    );
  return names as Column[];
}

function rowOf(columns: readonly Column[], place: string, record: readonly string[]): Row {
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
