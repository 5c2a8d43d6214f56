import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Config } from '../config.ts';
import { type Html, html } from '../kit/html.ts';
import type { Answer } from './answer.ts';
import { faviconSvg, mark } from './mark.ts';

/** One static file. Compressed at its first request and then kept, so that the start costs nothing. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  /** Of the body: eight hexadecimal digits. */
  readonly hash: string;
  br(): Buffer;
  gzip(): Buffer;
}

export interface Assets {
  /** By path; `/favicon.ico` too. */
  findAsset(path: string): Asset | null;
  /** `style.css` -> `/assets/style.1a2b3c4d.css`. @throws {Error} for a name that there is not */
  asset(name: string): string;
  /** For `Site`: our mark, or the organisation's own. */
  readonly logo: Html;
}

const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const SVG = 'image/svg+xml';

/** Deep ink blue, as in `style.css`. */
const OURS = '#1f3a6e';

/** The stylesheet, the browser's scripts, the icon and the logo; the first three of ours, the last of the organisation. */
export function loadAssets(config: Pick<Config, 'accent' | 'logoFile'>): Assets {
  const { accent, logoFile } = config;
  const paths = new Map<string, string>();
  const assets = new Map<string, Asset>();

  function add(name: string, type: string, content: string | Buffer): void {
    const body = Buffer.from(content);
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 8);
    const path = `/assets/${name.replace(/(?=\.\w+$)/, `.${hash}`)}`;
    paths.set(name, path);
    assets.set(path, {
      type,
      body,
      hash,
      br: once(() =>
        brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
      ),
      gzip: once(() => gzipSync(body, { level: 9 })),
    });
  }

  function asset(name: string): string {
    const path = paths.get(name);
    if (path === undefined) throw new Error(`there is no asset "${name}"`);
    return path;
  }

  add('style.css', CSS, minifyCss(read('style.css').toString()) + (accent ? accentCss(accent) : ''));
  // Of its own: signing in doesn't load what only the Dashboard and the App Store show.
  for (const name of ['dashboard.css', 'store.css']) {
    add(name, CSS, minifyCss(`${read('file-field.css')}${read(name)}`));
  }
  for (const name of readdirSync(new URL('browser', import.meta.url))) {
    if (name.endsWith('.js')) add(name, SCRIPT, read(`browser/${name}`));
  }
  add('favicon.svg', SVG, faviconSvg(accent ?? OURS));
  return {
    findAsset: (path) => assets.get(path === '/favicon.ico' ? asset('favicon.svg') : path) ?? null,
    asset,
    logo: logoFile === null ? mark() : ownLogo(logoFile),
  };

  function ownLogo(file: string): Html {
    const [name, type] = /\.svg$/i.test(file) ? ['logo.svg', SVG] : ['logo.png', 'image/png'];
    const content = readFileSync(file);
    add(name, type, content);
    const { width, height } = type === SVG ? svgSize(content) : pngSize(content);
    // Its proportions keep its place while it loads.
    return html`<img class="mark" src="${asset(name)}" width="${width}" height="${height}" alt="">`;
  }
}

/** null when there is no such file. `acceptEncoding` is the request's header. */
export function serveAsset(assets: Assets, path: string, acceptEncoding: string | undefined): Answer | null {
  const found = assets.findAsset(path);
  if (!found) return null;
  const encoding = found.type === 'image/png' ? null : chooseEncoding(acceptEncoding ?? '');
  return {
    status: 200,
    cookies: [],
    headers: {
      'content-type': found.type,
      // The name changes with the content; that of /favicon.ico never does.
      'cache-control':
        path === '/favicon.ico' ? 'public, max-age=86400' : 'public, max-age=31536000, immutable',
      etag: `"${found.hash}${encoding ? `-${encoding}` : ''}"`,
      vary: 'accept-encoding',
      ...(encoding ? { 'content-encoding': encoding } : {}),
    },
    body: encoding ? found[encoding]() : found.body,
  };
}

/** Brotli before gzip, where the browser takes it (RFC 9110 section 12.5.3; `q=0` means "not that one"). */
function chooseEncoding(acceptEncoding: string): 'br' | 'gzip' | null {
  const accepted = acceptEncoding
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((piece) => piece.trim()))
    .filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? ''))
    .map(([coding]) => coding);
  return (['br', 'gzip'] as const).find((coding) => accepted.includes(coding)) ?? null;
}

/** Comments and needless white space; what stands in quotes is left alone. */
export function minifyCss(css: string): string {
  return css
    .replace(/("[^"]*")|\/\*[\s\S]*?\*\//g, '$1')
    .replace(/("[^"]*")|\s+/g, (_all, quoted?: string) => quoted ?? ' ')
    .replace(/("[^"]*")| ?([{};,]) ?/g, (_all, quoted?: string, mark?: string) => quoted ?? (mark as string))
    .replace(/("[^"]*")|: /g, (_all, quoted?: string) => quoted ?? ':')
    .replaceAll(';}', '}')
    .trim();
}

/**
 * BRAND_COLOR was chosen for white paper. On black one with so much white in it has a contrast of 5.5 at the least,
 * whatever it is; `config` demands 4.5 on white.
 */
function accentCss(accent: string): string {
  return `:root{--brand:${accent};--brand-dark:color-mix(in srgb,${accent} 42%,#fff)}`;
}

/** From the header chunk, the first of every PNG (W3C PNG, section 11.2.1). A file that is none is taken for a square. */
function pngSize(file: Buffer): { width: number; height: number } {
  const isPng = file.length >= 24 && file.toString('latin1', 12, 16) === 'IHDR';
  return isPng ? { width: file.readUInt32BE(16), height: file.readUInt32BE(20) } : { width: 32, height: 32 };
}

function svgSize(file: Buffer): { width: number; height: number } {
  const box = /<svg[^>]*\bviewBox\s*=\s*["'][\d.+-]+[\s,]+[\d.+-]+[\s,]+([\d.]+)[\s,]+([\d.]+)/.exec(
    file.toString(),
  );
  const [width, height] = [Number(box?.[1]), Number(box?.[2])];
  return width > 0 && height > 0 ? { width, height } : { width: 32, height: 32 };
}

function read(name: string): Buffer {
  return readFileSync(new URL(name, import.meta.url));
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
