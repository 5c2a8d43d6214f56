import { expect, test } from 'vitest';
import { countryOptions } from './countries.ts';

const COUNTRIES = [
  { code: 'ZW', calling: '263' },
  { code: 'DE', calling: '49' },
  { code: 'AT', calling: '43' },
  { code: 'ES', calling: '34' },
];

test('countries stand in the order of the reader’s language, with name and calling code', () => {
  expect(countryOptions(COUNTRIES, 'en')).toEqual([
    { value: 'AT', text: 'Austria (+43)' },
    { value: 'DE', text: 'Germany (+49)' },
    { value: 'ES', text: 'Spain (+34)' },
    { value: 'ZW', text: 'Zimbabwe (+263)' },
  ]);
  expect(countryOptions(COUNTRIES, 'es').map(({ text }) => text)).toEqual([
    'Alemania (+49)',
    'Austria (+43)',
    'España (+34)',
    'Zimbabue (+263)',
  ]);
});

test('a letter with a ring or an accent stands beside its plain one, not behind the Z', () => {
  const some = ['AF', 'OM', 'AX', 'ZM'].map((code) => ({ code, calling: '1' }));
  expect(countryOptions(some, 'en').map(({ value }) => value)).toEqual(['AF', 'AX', 'OM', 'ZM']);
});
