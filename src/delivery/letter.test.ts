import { expect, test } from 'vitest';
import { letter } from './letter.ts';
import { oneLine } from './one-line.ts';

const head = { brand: 'Acme & Co', baseUrl: 'https://id.example.org', supportEmail: 'help@example.org' };
const content = {
  locale: 'en',
  subject: 'Choose a new password',
  name: 'Ann',
  paragraphs: ['Somebody asked for it.'],
  facts: [{ term: 'Time', value: '14:05 (UTC)' }],
  action: {
    lead: 'Open this page:',
    label: 'Choose',
    url: 'https://id.example.org/reset-password?token=abc',
  },
  links: [{ lead: 'Change your password:', label: 'Change', url: 'https://id.example.org/account/password' }],
} as const;

test('the text part has every link alone on a line, the facts and the support address', () => {
  const { text } = letter(head, content);
  const lines = text.split('\n');
  expect(lines.filter((line) => line.includes('://'))).toEqual([content.action.url, content.links[0].url]);
  expect(lines).toContain('Hello Ann,');
  expect(lines).toContain('  Time: 14:05 (UTC)');
  expect(lines).toContain('Do you need help? Write to help@example.org.');
  expect(lines).toContain('This mail was sent by Acme & Co at id.example.org.');
});

test('the HTML part needs no image, no script, no foreign file, and knows light and dark', () => {
  const { html } = letter(head, content);
  expect(html).not.toMatch(/<img|<script|<link|url\(|@import|src=/i);
  expect(html).toContain('<meta name="color-scheme" content="light dark">');
  expect(html).toContain('prefers-color-scheme:dark');
  expect(html).toContain('<html lang="en">');
  expect(html).toContain(`href="${content.action.url}"`);
  expect(html).toContain('Acme &amp; Co');
});

test('R75: what people typed is escaped, on one line, and cannot make a link or a header', () => {
  const evil = '<img src=x onerror=alert(1)>"\r\nBcc: eve@evil.example\u2028\u202eexe https://evil.example/';
  const { subject, text, html } = letter(head, {
    ...content,
    subject: `Key ${evil} was added`,
    name: evil,
    paragraphs: [evil],
    facts: [{ term: 'Name', value: evil }],
    links: [{ lead: evil, label: evil, url: 'https://id.example.org/x?a="><b>' }],
  });
  expect(subject).not.toMatch(/[\r\n\u2028\u202e]/);
  expect(html).not.toMatch(/<img|<b>|\u202e/);
  expect(html).toContain('href="https://id.example.org/x?a=%22%3E%3Cb%3E"');
  const lines = text.split('\n');
  expect(lines.filter((line) => /^bcc:/i.test(line))).toEqual([]);
  expect(text).not.toContain('https://evil.example');
});

test('the accent colours the button and the mark, and is lightened for the dark', () => {
  const { html } = letter({ ...head, accent: '#006400' }, content);
  expect(html).toContain('background:#006400');
  expect(html).toMatch(/\.button\{background:#[0-9a-f]{6}!important/);
});

test('without a name nobody is greeted by one', () => {
  expect(letter(head, { ...content, name: '' }).text).toMatch(/^Hello,\n/);
  expect(letter(head, { ...content, locale: 'es', name: 'Ana' }).text).toMatch(/^Hola, Ana:\n/);
});

test('one line: spaces collapse, long texts are cut by characters', () => {
  expect(oneLine('  a\t\n b\u0000c\u2029d ')).toBe('a b c d');
  expect([...oneLine('ä'.repeat(300), 100)]).toHaveLength(100);
});
