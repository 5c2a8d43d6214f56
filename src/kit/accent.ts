/** The brand's colour as `#rrggbb`, and its contrast to white after WCAG 2.2 (1 to 21). */
export interface Accent {
  readonly hex: string;
  readonly contrast: number;
}

const NAMED: Record<string, string> = {
  black: '#000000',
  navy: '#000080',
  darkblue: '#00008b',
  mediumblue: '#0000cd',
  blue: '#0000ff',
  midnightblue: '#191970',
  indigo: '#4b0082',
  purple: '#800080',
  rebeccapurple: '#663399',
  maroon: '#800000',
  darkred: '#8b0000',
  firebrick: '#b22222',
  crimson: '#dc143c',
  green: '#008000',
  darkgreen: '#006400',
  teal: '#008080',
  darkslategray: '#2f4f4f',
  darkslateblue: '#483d8b',
  royalblue: '#4169e1',
  seagreen: '#2e8b57',
  sienna: '#a0522d',
  brown: '#a52a2a',
  darkmagenta: '#8b008b',
  dimgray: '#696969',
  red: '#ff0000',
  white: '#ffffff',
  yellow: '#ffff00',
  orange: '#ffa500',
  pink: '#ffc0cb',
  gray: '#808080',
  silver: '#c0c0c0',
  lime: '#00ff00',
  cyan: '#00ffff',
};

/** Hexadecimal, `rgb()`, `hsl()` and the common names; null for anything else. */
export function parseAccent(text: string): Accent | null {
  const rgb = channels(text.trim().toLowerCase());
  if (!rgb) return null;
  const hex = `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
  return { hex, contrast: 1.05 / (luminance(rgb) + 0.05) };
}

type Rgb = readonly [number, number, number];

function channels(text: string): Rgb | null {
  const value = NAMED[text] ?? text;
  const hex = /^#(?:([0-9a-f])([0-9a-f])([0-9a-f])|([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2}))$/.exec(value);
  if (hex) {
    const short = hex[1] !== undefined;
    const parts = short ? [hex[1], hex[2], hex[3]].map((part) => `${part}${part}`) : [hex[4], hex[5], hex[6]];
    return parts.map((part) => Number.parseInt(part as string, 16)) as unknown as Rgb;
  }
  const call = /^(rgb|hsl)\(\s*([\d.]+)(?:deg)?[\s,]+([\d.]+)(%?)[\s,]+([\d.]+)(%?)\s*\)$/.exec(value);
  if (!call) return null;
  const [a, b, c] = [Number(call[2]), Number(call[3]), Number(call[5])];
  if (call[1] === 'rgb') return Math.max(a, b, c) <= 255 ? [a, b, c] : null;
  return call[4] && call[6] && a <= 360 && b <= 100 && c <= 100 ? fromHsl(a, b / 100, c / 100) : null;
}

function fromHsl(hue: number, saturation: number, lightness: number): Rgb {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
