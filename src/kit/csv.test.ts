import { expect, test } from 'vitest';
import { csvRecord } from './csv.ts';

test('cells are quoted where they must be, and numbers stay numbers', () => {
  expect(csvRecord(['a', 'b,c', 'say "hi"', 'two\nlines', null, '', -3])).toBe(
    'a,"b,c","say ""hi""","two\nlines",,,-3\r\n',
  );
});

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '=HYPERLINK("http://evil.example","x")',
  '＝1',
  '  =1',
])('a spreadsheet does not compute %j', (formula) => {
  const line = csvRecord([formula]);
  expect(line.replace(/^"/, '')).toMatch(/^'/);
});

test.each(['Mozilla/5.0;=1+1', 'x; @SUM(A1)', 'x\t-1', 'a;b;\t +1'])(
  'nor where it divides by semicolons, which quotation marks don’t stop: %j',
  (formula) => {
    expect(csvRecord(['2026', formula])).not.toMatch(/[;\t]\s*[=+\-@]/);
  },
);

test('what a browser says of itself is otherwise left alone', () => {
  const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36';
  expect(csvRecord([browser])).toBe(`"${browser}"\r\n`);
});
