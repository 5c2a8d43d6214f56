import { CsvError, parse } from 'csv-parse/sync';
import type { TypedRow } from './judge-rows.ts';

const DELIMITERS = [',', ';', '\t'];
/** Bytes of one row; longer than any that could be right. */
const LONGEST_ROW = 8_192;

/**
 * Rows of a list, by RFC 4180; empty ones are left out. What the first line is divided by divides all: spreadsheets write
 * semicolons where a comma stands in numbers. -> the line that can't be read, where there is one.
 */
export function readCsv(text: string): readonly TypedRow[] | { readonly unreadable: number } {
  const [start = ''] = text.split('\n', 1);
  const delimiter = DELIMITERS.find((one) => start.includes(one)) ?? ',';
  try {
    const found = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LONGEST_ROW,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    const rows = found.map(({ record, info }) => ({ line: info.lines, cells: record }));
    // A row of nothing but dividers is empty too: spreadsheets leave them at the end.
    return rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  } catch (error) {
    if (error instanceof CsvError) return { unreadable: Number(error['lines'] ?? 1) };
    throw error;
  }
}
