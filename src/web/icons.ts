import { type Html, html, trusted } from '../kit/html.ts';

/**
 * One hand: a grid of 24, strokes of 1.5 with round ends, nothing filled but a dot. Coordinates stand on halves and
 * quarters, so that lines stay sharp at 20 and 24 pixels.
 */
const DRAWINGS = {
  check: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  info: '<circle cx="12" cy="12" r="8.25"/><path d="M12 11.25v4.5M12 8.25v.01"/>',
  warning: '<path d="M12 4.5 3.75 19h16.5L12 4.5Z"/><path d="M12 10.25v4M12 16.5v.01"/>',
  danger:
    '<path d="M8.5 3.75h7l4.75 4.75v7l-4.75 4.75h-7L3.75 15.5v-7L8.5 3.75Z"/><path d="M12 8v4.75M12 15.75v.01"/>',
  key: '<circle cx="8" cy="15.5" r="4.25"/><path d="M11 12.5 19.25 4.25M16 7.5l2.75 2.75M13.5 10l1.75 1.75"/>',
  phone: '<rect x="7" y="3" width="10" height="18" rx="2.25"/><path d="M10.75 17.75h2.5"/>',
  message:
    '<path d="M4 6.5a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6.5L7 20.25V16.5H6a2 2 0 0 1-2-2v-8Z"/><path d="M8 8.75h8M8 12h5"/>',
  lock: '<rect x="5" y="10.5" width="14" height="9.75" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2"/>',
  shield:
    '<path d="M12 3.5 5 6v5.25c0 4.25 2.75 7.5 7 9.25 4.25-1.75 7-5 7-9.25V6l-7-2.5Z"/><path d="m9 11.75 2.25 2.25L15 10.25"/>',
  clock: '<circle cx="12" cy="12" r="8.25"/><path d="M12 7.5V12l3 2"/>',
  mail: '<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="m4 7 8 6 8-6"/>',
  copy: '<rect x="8.5" y="8.5" width="11" height="11.5" rx="2"/><path d="M15.5 5.75A1.75 1.75 0 0 0 13.75 4H6.5a2 2 0 0 0-2 2v8a1.75 1.75 0 0 0 1.75 1.75"/>',
  download: '<path d="M12 4v11M7.5 10.75 12 15.25l4.5-4.5M5 19.75h14"/>',
  print:
    '<path d="M7.5 8V4h9v4M7.5 16.5H5.75a1.75 1.75 0 0 1-1.75-1.75v-5A1.75 1.75 0 0 1 5.75 8h12.5A1.75 1.75 0 0 1 20 9.75v5a1.75 1.75 0 0 1-1.75 1.75H16.5"/><path d="M7.5 13.5h9V20h-9z"/>',
  trash:
    '<path d="M4.75 6.75h14.5M9 6.75V5.5A1.5 1.5 0 0 1 10.5 4h3A1.5 1.5 0 0 1 15 5.5v1.25M6.5 6.75l.75 11.5A1.9 1.9 0 0 0 9.15 20h5.7a1.9 1.9 0 0 0 1.9-1.75l.75-11.5M10.25 10.5v5.75M13.75 10.5v5.75"/>',
  edit: '<path d="m4.5 19.5.9-3.9L16 5l3 3L8.4 18.6l-3.9.9ZM13.75 7.25l3 3"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  browser:
    '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="M3.5 9h17M6.5 6.75v.01M9 6.75v.01"/>',
  user: '<circle cx="12" cy="8" r="3.75"/><path d="M4.75 20c.6-3.75 3.5-5.75 7.25-5.75s6.65 2 7.25 5.75"/>',
  'arrow-left': '<path d="M19.5 12h-15M10.5 5.75 4.25 12l6.25 6.25"/>',
  'sign-out': '<path d="M14 4.5H6.5a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2H14M10 12h10M16.5 8.5 20 12l-3.5 3.5"/>',
  eye: '<path d="M2.75 12C4.75 8 8.1 6 12 6s7.25 2 9.25 6c-2 4-5.35 6-9.25 6s-7.25-2-9.25-6Z"/><circle cx="12" cy="12" r="2.75"/>',
  external:
    '<path d="M13.75 4.5h5.75v5.75M19.25 4.75l-8 8M17.5 13.5v4a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2h4"/>',
} as const;

export type IconName = keyof typeof DRAWINGS;

export const ICON_NAMES = Object.keys(DRAWINGS) as readonly IconName[];

/** Decoration beside a word unless it has a label of its own. */
export function icon(name: IconName, label?: string): Html {
  const meaning = label === undefined ? html`aria-hidden="true"` : html`role="img" aria-label="${label}"`;
  return html`<svg class="icon" viewBox="0 0 24 24" ${meaning}>${trusted(DRAWINGS[name])}</svg>`;
}
