export interface Row {
  what: string;
  ours: number;
  /** Measured before and after ours; the mean counts. Without it the limit is for `ours` itself. */
  floor?: number[];
  /** Digits after the point, and the unit. */
  digits?: number;
  unit?: string;
  atLeast?: number;
  atMost?: number;
}

export interface Verdict {
  ratio: number | null;
  /** 1 is just at the limit, more is better; null where there is no limit. */
  margin: number | null;
}

export function judge({ ours, floor, atLeast, atMost }: Row): Verdict {
  const ratio = floor?.length ? ours / (floor.reduce((sum, each) => sum + each, 0) / floor.length) : null;
  const value = ratio ?? ours;
  if (atLeast !== undefined) return { ratio, margin: value / atLeast };
  if (atMost !== undefined) return { ratio, margin: atMost / value };
  return { ratio, margin: null };
}

const heads = ['what', 'ours', 'floor', 'ratio', 'limit', 'to limit', 'ok'];

export function table(rows: Row[]): string {
  const lines = [heads, ...rows.map(cells)];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const text = lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
  text.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return text.join('\n');
}

function cells(row: Row): string[] {
  const { ratio, margin } = judge(row);
  const unit = row.unit ? ` ${row.unit}` : '';
  const show = (number: number) => number.toFixed(row.digits ?? 0);
  const bound = row.atLeast ?? row.atMost;
  const limit = bound === undefined ? '' : `${row.atLeast === undefined ? '<=' : '>='} ${bound}`;
  return [
    row.what,
    show(row.ours) + unit,
    row.floor?.length ? row.floor.map(show).join(', ') + unit : '',
    ratio === null ? '' : ratio.toFixed(3),
    limit && ratio === null ? limit + unit : limit,
    margin === null ? '' : margin.toFixed(2),
    margin === null ? '' : margin >= 1 ? 'yes' : 'NO',
  ];
}
