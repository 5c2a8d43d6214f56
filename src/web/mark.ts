import { type Html, trusted } from '../kit/html.ts';

/**
 * Two strokes that sign one another: each takes hold of the other and ends in a line, and the second is the first
 * turned by half a turn.
 */
const FIRST = 'M26.5 6H14a7 7 0 0 0 0 14h4';
const SECOND = 'M5.5 26H18a7 7 0 0 0 0-14h-4';

/** In the ink of the text around it and in the accent. Says nothing: the brand's name stands beside it. */
export function mark(): Html {
  return trusted(
    `<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="${FIRST}"/><path class="counter" d="${SECOND}"/></svg>`,
  );
}

/** White on the accent, so that it shows on light and on dark tabs alike. */
export function faviconSvg(accent: string): string {
  const strokes = `<path d="${FIRST}"/><path d="${SECOND}"/>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${accent}"/>` +
    `<g fill="none" stroke="#fff" stroke-width="3.25" stroke-linecap="round" transform="matrix(.8 0 0 .8 3.2 3.2)">${strokes}</g></svg>`
  );
}
