import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAccent } from '../kit/accent.ts';
import { ConfigError, type Environment } from '../kit/environment.ts';

// What an organisation puts on its pages in place of ours.

export function readBrand(environment: Environment): string {
  const brand = (environment['BRAND'] || 'Countersign').trim();
  // A colon would end the issuer in an otpauth label; control characters would break mail headers.
  if (brand.length < 1 || brand.length > 40 || /[\p{Cc}:]/u.test(brand)) {
    throw new ConfigError('BRAND', 'takes a name of 1 to 40 characters without a colon');
  }
  return brand;
}

export function readAccent(environment: Environment): string | null {
  const text = environment['BRAND_COLOR'];
  if (!text) return null;
  const accent = parseAccent(text);
  if (accent === null)
    throw new ConfigError('BRAND_COLOR', `takes a CSS colour such as #1f3a8a, not "${text}"`);
  if (accent.contrast < 4.5) {
    // Cut, not rounded: 4.48 must not be refused as "4.5".
    const found = Math.floor(accent.contrast * 100) / 100;
    throw new ConfigError(
      'BRAND_COLOR',
      `takes a colour with a contrast of at least 4.5 to white; "${text}" has ${found}`,
    );
  }
  return accent.hex;
}

export function readLogo(environment: Environment): string | null {
  const file = environment['BRAND_LOGO'];
  if (!file) return null;
  const path = resolve(file);
  if (isPicture(path)) return path;
  throw new ConfigError(
    'BRAND_LOGO',
    `takes the path of an SVG or PNG file of at most 256 KiB, not "${file}"`,
  );
}

/** By its contents too: a page with a broken picture is found by people, not at the start. */
function isPicture(path: string): boolean {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > 262_144) return false;
    if (/\.png$/i.test(path)) return bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    return /\.svg$/i.test(path) && /<svg[\s>]/.test(bytes.toString('utf8'));
  } catch {
    return false;
  }
}

export function readLink(environment: Environment, name: string): string | null {
  const text = environment[name];
  if (!text) return null;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new ConfigError(name, `takes a web address, not "${text}"`);
  return text;
}
