import { expect, test } from 'vitest';
import { describeBrowser } from './browser-name.ts';

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'Firefox 128 on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    'Safari 17 on macOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
    'Chrome 126 on Android',
  ],
  ['curl/8.5.0', 'Unknown browser'],
  ['', 'Unknown browser'],
])('%s', (userAgent, expected) => {
  expect(describeBrowser(userAgent, 'en')).toBe(expected);
});

test('in Spanish', () => {
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
  expect(describeBrowser(firefox, 'es')).toBe('Firefox 128 en Linux');
});

test("R75: a stranger's words in the User-Agent are never repeated", () => {
  for (const userAgent of [
    'Call +1 555 0100 now/1.0 (x)',
    'Visit evil.example/9 Windows NT 10.0',
    '<b>Firefox</b>/1',
  ]) {
    expect(describeBrowser(userAgent, 'en')).not.toMatch(/call|evil|<|555/i);
  }
});
