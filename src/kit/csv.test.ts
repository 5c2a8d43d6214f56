import { expect, test } from 'vitest';
import { csvRecord } from './csv.ts';

test('cells are quoted where they must be, and numbers stay numbers', () => {
  expect(csvRecord(['a', 'b,c', 'say "hi"', 'two\nlines', null, '', -3])).toBe(
    'a,"b,c","say ""hi""","two\nlines",,,-3\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://evil.example","x")'])(
  'a spreadsheet does not compute %j',
  (formula) => {
    const line = csvRecord([formula]);
    expect(line.replace(/^"/, '')).toMatch(/^'/);
  },
);
