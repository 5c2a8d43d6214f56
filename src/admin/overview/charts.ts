import { type Html, html } from '../../kit/html.ts';

// Drawings without words of their own: what they say stands beside them in text, and behind them in a table. Lengths are
// attributes and not styles, which the content policy forbids; looks are in dashboard.css.

/** A bar as long as its share of the whole. */
export function shareBar(part: number, whole: number): Html {
  const width = whole === 0 ? 0 : (100 * part) / whole;
  return html`<svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="4"/><rect class="part" width="${width.toFixed(2)}" height="4"/></svg>`;
}

export interface Column {
  readonly value: number;
  /** Shown by the mouse. */
  readonly title: string;
}

const STEP = 10;
const WIDTH = 8;
const HEIGHT = 100;

/** One column a day, the highest as high as there is room. */
export function columnChart(columns: readonly Column[], look: 'good' | 'bad'): Html {
  const most = Math.max(1, ...columns.map(({ value }) => value));
  const bars = columns.map(({ value, title }, index) => {
    // What is there is seen, however little it is beside the highest.
    const height = value === 0 ? 0 : Math.max(2, (HEIGHT * value) / most);
    const x = index * STEP + (STEP - WIDTH) / 2;
    return html`<rect x="${x}" y="${(HEIGHT - height).toFixed(1)}" width="${WIDTH}" height="${height.toFixed(1)}"><title>${title}</title></rect>`;
  });
  return html`<svg class="columns ${look}" viewBox="0 0 ${columns.length * STEP} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;
}

export interface Table {
  readonly summary: string;
  readonly heads: readonly string[];
  /** The first of a row is its name; the others are numbers. */
  readonly rows: readonly (readonly string[])[];
}

/** The same figures for whoever wants them exactly, or does not see the drawing. */
export function tableBehind({ summary, heads, rows }: Table): Html {
  return html`<details><summary>${summary}</summary><div class="figures" tabindex="0" role="group" aria-label="${summary}"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map(
    ([name, ...numbers]) =>
      html`<tr><th scope="row">${name}</th>${numbers.map((number) => html`<td>${number}</td>`)}</tr>`,
  )}</tbody></table></div></details>`;
}
