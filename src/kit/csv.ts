/** With the wide signs, which Japanese spreadsheets read as their narrow ones. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r])/;

/**
 * One record of RFC 4180, with its line break. A cell that a spreadsheet would take for a formula gets an apostrophe
 * before it: what a stranger typed into a form must not compute, or call out, on the machine of whoever opens the file.
 * Where lists have semicolons, as in Spanish, a double click divides by those, and quotation marks in the middle of a line
 * stop nothing: so before each part of a cell.
 */
export function csvRecord(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const plain = value
    .split(/(?<=[;\t])/)
    .map((part) => (FORMULA.test(part) ? `'${part}` : part))
    .join('');
  return /[",;\t\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
