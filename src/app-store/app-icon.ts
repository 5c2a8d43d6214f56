import { type Html, html } from '../kit/html.ts';

/** The app's picture, or its first letter. Decoration: the name stands beside it. */
export function appIcon(
  app: { readonly name: string; readonly slug?: string; readonly icon_hash?: string | null },
  size: 'small' | 'large' = 'small',
): Html {
  const { name, slug, icon_hash } = app;
  if (slug !== undefined && icon_hash) {
    const pixels = size === 'large' ? 88 : 48;
    return html`<img class="app-icon ${size}" src="/store/${slug}/icon?v=${icon_hash}" width="${pixels}" height="${pixels}" alt="">`;
  }
  const [letter = ''] =
    new Intl.Segmenter().segment(name.trim())[Symbol.iterator]().next().value?.segment ?? '';
  return html`<span class="app-icon letter ${size}" aria-hidden="true">${letter.toUpperCase()}</span>`;
}
