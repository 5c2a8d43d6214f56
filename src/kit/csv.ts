/**
 * One record of RFC 4180, with its line break. A cell that a spreadsheet would take for a formula gets an apostrophe
 * before it: what a stranger typed into a form must not compute, or call out, on the machine of whoever opens the file.
 */
export function csvRecord(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
