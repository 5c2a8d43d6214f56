import { describe, expect, test } from 'vitest';
import { complainAboutPassword } from './password-rules.ts';

const CONTEXT = ['Countersign', 'id.example.net', 'Ann Lindqvist', 'ann.lindqvist@harbour.example'];
const complain = (password: string, minLength = 12) =>
  complainAboutPassword(password, { minLength, context: CONTEXT });

describe('length counts code points and has no upper end that a person meets (R1)', () => {
  test.each([
    [8, 7, 'password_too_short'],
    [8, 8, null],
    [12, 11, 'password_too_short'],
    [12, 12, null],
    [15, 14, 'password_too_short'],
    [15, 15, null],
    [12, 64, null],
    [12, 1024, null],
    [12, 1025, 'password_too_long'],
  ])('at least %i: %i characters -> %s', (minLength, length, complaint) => {
    expect(complain('x7Q'.repeat(400).slice(0, length), minLength)).toBe(complaint);
  });

  test('an astral character counts as one, though it takes two units and four bytes', () => {
    expect(complain('🦊🐙🌵🎻🧭🪁🥝🛶🎲🪐🧵', 12)).toBe('password_too_short');
    expect(complain('🦊🐙🌵🎻🧭🪁🥝🛶🎲🪐🧵🪴', 12)).toBeNull();
    expect(complain('🦊'.repeat(257))).toBe('password_too_long');
  });

  test('what is counted is the normalised form, in which it is hashed (R4)', () => {
    expect(complain('e\u0301'.repeat(8), 12)).toBe('password_too_short');
    expect(complain('ﬁ'.repeat(6), 12)).toBeNull();
  });

  test('no rule of composition, and no character is forbidden', () => {
    for (const password of [
      'vzkqmtrwplhd',
      '830 176 294 551',
      ' \t\n spaces are characters ',
      '\u0000 zero byte inside',
    ]) {
      expect(complain(password)).toBeNull();
    }
  });
});

describe('nobody builds it from what is known about them and this site (R2)', () => {
  test.each([
    'Countersign2026',
    'counter-sign-1!',
    '!!COUNTERSIGN!!',
    'lindqvist-1984',
    'AnnLindqvist12',
    'ann.lindqvist@harbour.example',
    'harbourharbour',
    'example-net-1',
  ])('%s', (password) => expect(complain(password)).toBe('password_context'));

  test('a word of it among others is no harm', () => {
    expect(complain('harbour pickle mosaic')).toBeNull();
    expect(complain('countersign velvet otter')).toBeNull();
  });

  test('a short name is no word: half of all passwords hold an "ann"', () => {
    expect(complain('planning-annex-41')).toBeNull();
  });
});

test.each([
  'correcthorsebatterystaple',
  'Correct Horse Battery Staple',
  'correct-horse-battery-staple!',
  'CorrectHorseBatteryStaple1',
])('everybody knows "%s"', (password) => expect(complain(password)).toBe('password_common'));
