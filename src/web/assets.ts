import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Config } from '../config.ts';
import { type Html, html } from '../kit/html.ts';
import type { Answer } from './answer.ts';
import { faviconSvg, mark } from './mark.ts';

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  br(): Buffer;
  gzip(): Buffer;
}

export interface Assets {
  findAsset(path: string): Asset | null;
  /** `style.css` -> `/assets/style.1a2b3c4d.css`. */
  asset(name: string): string;
  /** For `Site`: the mark, or the organisation's own. */
  readonly logo: Html;
}

const OURS = '#1f3a6e';

/** Reads everything at start; compresses at the first request. */
export function loadAssets(config: Pick<Config, 'accent' | 'logoFile'>): Assets {
  const files = new Map<string, Asset>();
  const names = new Map<string, string>();
  function add(name: string, type: string, body: Buffer): void {
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 8);
    const path = `/assets/${name.replace(/(?=\.\w+$)/, `.${hash}`)}`;
    names.set(name, path);
    files.set(path, {
      type,
      body,
      br: once(() => brotliCompressSync(body)),
      gzip: once(() => gzipSync(body, { level: 9 })),
    });
  }
  const here = new URL('.', import.meta.url);
  add('style.css', 'text/css; charset=utf-8', Buffer.from(readFileSync(new URL('style.css', here), 'utf8')));
  for (const name of readdirSync(new URL('browser/', here)).filter((file) => file.endsWith('.js'))) {
    add(name, 'text/javascript; charset=utf-8', readFileSync(new URL(`browser/${name}`, here)));
  }
  add('favicon.svg', 'image/svg+xml', Buffer.from(faviconSvg(config.accent ?? OURS)));
  function asset(name: string): string {
    const path = names.get(name);
    if (path === undefined) throw new Error(`there is no asset ${name}`);
    return path;
  }
  let logo = mark();
  if (config.logoFile) {
    const svg = config.logoFile.toLowerCase().endsWith('.svg');
    const name = svg ? 'logo.svg' : 'logo.png';
    add(name, svg ? 'image/svg+xml' : 'image/png', readFileSync(config.logoFile));
    logo = html`<img class="mark" src="${asset(name)}" alt="">`;
  }
  return {
    findAsset: (path) => files.get(path === '/favicon.ico' ? asset('favicon.svg') : path) ?? null,
    asset,
    logo,
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export function serveAsset(assets: Assets, path: string, acceptEncoding: string | undefined): Answer | null {
  const found = assets.findAsset(path);
  if (!found) return null;
  const accepted = acceptEncoding ?? '';
  const [encoding, body] = /\bbr\b/.test(accepted)
    ? ['br', found.br()]
    : /\bgzip\b/.test(accepted)
      ? ['gzip', found.gzip()]
      : [null, found.body];
  return {
    status: 200,
    cookies: [],
    headers: {
      'content-type': found.type,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      ...(encoding ? { 'content-encoding': encoding as string } : {}),
    },
    body: body as Buffer,
  };
}
