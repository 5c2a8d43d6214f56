import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Assets, loadAssets, minifyCss, serveAsset } from './assets.ts';

const ours = loadAssets({ accent: null, logoFile: null });
const folder = mkdtempSync(join(tmpdir(), 'logo-'));
afterAll(() => rmSync(folder, { recursive: true }));

function textOf(assets: Assets, name: string): string {
  return assets.findAsset(assets.asset(name))?.body.toString() ?? '';
}

function withLogo(name: string, content: string | Buffer): Assets {
  const logoFile = join(folder, name);
  writeFileSync(logoFile, content);
  return loadAssets({ accent: null, logoFile });
}

test('a name carries the hash of what is in it, and an unknown one is a mistake', () => {
  expect(ours.asset('style.css')).toMatch(/^\/assets\/style\.[0-9a-f]{8}\.css$/);
  expect(loadAssets({ accent: '#7a1f5c', logoFile: null }).asset('style.css')).not.toBe(
    ours.asset('style.css'),
  );
  expect(() => ours.asset('styles.css')).toThrow('styles.css');
  expect(ours.findAsset('/assets/style.css')).toBeNull();
  expect(serveAsset(ours, '/assets/../config.ts', undefined)).toBeNull();
});

test('an answer is compressed as the browser wants it, and kept for ever under its name', () => {
  const path = ours.asset('style.css');
  const body = ours.findAsset(path)?.body as Buffer;
  const [br, gzip, plain] = ['gzip, deflate, br, zstd', 'br;q=0, gzip', undefined].map((accept) =>
    serveAsset(ours, path, accept),
  );
  expect(brotliDecompressSync(br?.body as Buffer)).toEqual(body);
  expect(gunzipSync(gzip?.body as Buffer)).toEqual(body);
  expect(plain?.body).toBe(body);
  expect([br, gzip, plain].map((answer) => answer?.headers['content-encoding'])).toEqual([
    'br',
    'gzip',
    undefined,
  ]);
  expect(new Set([br, gzip, plain].map((answer) => answer?.headers.etag)).size).toBe(3);
  expect(br?.headers).toMatchObject({
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  });
});

test('/favicon.ico is the icon, and is asked for again after a day', () => {
  const answer = serveAsset(ours, '/favicon.ico', 'identity');
  expect(answer?.headers).toMatchObject({
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=86400',
  });
  expect(String(answer?.body)).toContain('#1f3a6e');
  expect(textOf(loadAssets({ accent: '#7a1f5c', logoFile: null }), 'favicon.svg')).toContain('#7a1f5c');
});

test('a logo of the organisation replaces the mark and keeps its place while it loads', () => {
  const svg = withLogo('logo.SVG', '<?xml version="1.0"?>\n<svg xmlns="x" viewBox="0 0 96 32"></svg>');
  expect(svg.logo.text).toContain('width="96" height="32"');
  const png = Buffer.alloc(33);
  png.write('IHDR', 12, 'latin1');
  png.writeUInt32BE(200, 16);
  png.writeUInt32BE(50, 20);
  const drawn = withLogo('logo.png', png);
  expect(drawn.logo.text).toBe(
    `<img class="mark" src="${drawn.asset('logo.png')}" width="200" height="50" alt="">`,
  );
  expect(serveAsset(drawn, drawn.asset('logo.png'), 'br')?.headers['content-encoding']).toBeUndefined();
  expect(withLogo('odd.svg', '<svg/>').logo.text).toContain('width="32" height="32"');
});

test('what the sign-in page loads besides itself stays small', () => {
  const sizes = ['style.css', 'page.js', 'favicon.svg'].map(
    (name) => ours.findAsset(ours.asset(name))?.br().length,
  );
  expect(sizes.reduce((sum, size) => (sum ?? 0) + (size ?? Number.NaN), 0)).toBeLessThan(9000);
});

describe('the stylesheet', () => {
  const source = readFileSync(new URL('style.css', import.meta.url), 'utf8');

  test('is made smaller without a change of meaning', () => {
    expect(minifyCss('/* a */\na > b,\n c :hover { color : red; font: 1rem / 1.5 "A;  { B" , c; }\n')).toBe(
      'a > b,c :hover{color :red;font:1rem / 1.5 "A;  { B",c}',
    );
    const small = textOf(ours, 'style.css');
    const count = (text: string, what: RegExp) => text.match(what)?.length;
    const bare = source.replace(/\/\*[\s\S]*?\*\//g, '');
    for (const what of [/\{/g, /\}/g, /@media/g, /"[^"]*"/g])
      expect(count(small, what)).toBe(count(bare, what));
    expect(small).not.toMatch(/\/\*|\n| {2}/);
  });

  test('uses no file from elsewhere', () => {
    expect(source).not.toMatch(/url\(|@import/);
  });

  /** The colours of a scheme, by their names; `brand` is what BRAND_COLOR gives. */
  function coloursOf(dark: boolean): Record<string, string> {
    const [light = '', night = ''] = [...source.matchAll(/:root \{([^}]*)\}/g)].map(
      (found) => found[1] ?? '',
    );
    const text = dark ? light + night : light;
    return Object.fromEntries(
      [...text.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map(([, name = '', hex = '']) => [name, hex]),
    );
  }

  for (const scheme of ['light', 'dark']) {
    const colours = coloursOf(scheme === 'dark');
    const between = (one: string, other: string) => contrast(colours[one] ?? '', colours[other] ?? '');
    const accent = scheme === 'dark' ? 'brand-dark' : 'brand';

    test.each(['paper', 'wash'])(
      `text can be read on %s in the ${scheme} scheme (WCAG 2.2, 1.4.3)`,
      (ground) => {
        for (const text of ['ink', 'soft', 'good', 'warn', 'bad', accent]) {
          expect(between(text, ground), text).toBeGreaterThan(4.5);
        }
      },
    );

    test.each(['good', 'warn', 'bad'])(`a notice can be read in the ${scheme} scheme: %s`, (tone) => {
      for (const text of ['ink', tone, accent]) {
        expect(between(text, `${tone}-wash`), text).toBeGreaterThan(4.5);
      }
    });

    test(`buttons can be read and fields have visible edges in the ${scheme} scheme (WCAG 2.2, 1.4.11)`, () => {
      expect(between(accent, 'on-accent')).toBeGreaterThan(4.5);
      expect(between('bad', 'on-bad')).toBeGreaterThan(4.5);
      expect(between('edge', 'paper')).toBeGreaterThan(3);
    });
  }

  test('any accent that is readable on white is readable on black after mixing', () => {
    const { paper = '', wash = '' } = coloursOf(true);
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(channel, channel, channel), (rgb) => {
        const mixed = `#${rgb.map((value) => hexOf(value * 0.42 + 255 * 0.58)).join('')}`;
        expect(Math.min(contrast(mixed, paper), contrast(mixed, wash))).toBeGreaterThan(4.5);
      }),
      { examples: [[[0, 0, 0]]] },
    );
    expect(textOf(loadAssets({ accent: '#7a1f5c', logoFile: null }), 'style.css')).toContain(
      '--brand-dark:color-mix(in srgb,#7a1f5c 42%,#fff)',
    );
  });
});

function hexOf(value: number): string {
  return Math.round(value).toString(16).padStart(2, '0');
}

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

function luminance(hex: string): number {
  const long = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(long.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
