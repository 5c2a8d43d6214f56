import { describe, expect, test } from 'vitest';
import { authenticatedAt, demandedAcr, meets, missingStep, type Request, type Standing } from './rules.ts';

describe('what must be proven', () => {
  test.each([
    ['pwd', undefined, null, 'pwd'],
    ['mfa', undefined, null, 'mfa'],
    ['pwd', 'mfa', null, 'mfa'],
    ['mfa', 'pwd', null, 'mfa'],
    ['pwd', 'phr mfa', null, 'mfa'],
    ['pwd', 'gold mfa', null, 'mfa'],
    ['pwd', 'gold', null, 'unknown'],
    ['phr', 'gold', null, 'unknown'],
    ['pwd', '', null, 'pwd'],
    ['pwd', undefined, { value: 'phr' }, 'pwd'],
    ['pwd', undefined, { essential: true, value: 'phr' }, 'phr'],
    ['pwd', undefined, { essential: true, values: ['phr', 'mfa'] }, 'mfa'],
    ['pwd', 'mfa', { essential: true, value: 'phr' }, 'phr'],
    ['pwd', 'phr', { essential: true, value: 'mfa' }, 'phr'],
    ['pwd', undefined, { essential: true, value: 'gold' }, 'unknown'],
    ['pwd', undefined, { essential: true }, 'pwd'],
    // Not what the standard says, and still a demand: nobody gets by because of it.
    ['pwd', undefined, { essential: true, values: 'mfa' }, 'unknown'],
    ['pwd', undefined, { essential: true, values: [] }, 'unknown'],
    ['pwd', undefined, { essential: true, value: ['mfa'] }, 'unknown'],
    ['pwd', undefined, { essential: true, value: null }, 'unknown'],
    ['pwd', undefined, { essential: 'true', value: 'mfa' }, 'pwd'],
  ] as const)('own rule %s, acr_values %s, claim %o: %s', (own, values, claim, demanded) => {
    expect(demandedAcr(own, values, claim as never)).toBe(demanded);
  });

  test('a higher one meets a lower, and nothing meets what we do not know', () => {
    expect(meets('phr', 'mfa')).toBe(true);
    expect(meets('mfa', 'mfa')).toBe(true);
    expect(meets('pwd', 'mfa')).toBe(false);
    expect(meets('mfa', 'phr')).toBe(false);
    expect(meets('phr', 'unknown')).toBe(false);
  });
});

describe('what is missing', () => {
  const NOW = 1_000_000_000;
  const request: Request = { prompts: new Set(), maxAge: null, subjects: [], demand: 'mfa' };
  const standing: Standing = {
    now: NOW,
    accountId: 'ann',
    session: { acr: 'mfa', created_at: NOW - 60_000, step_up_at: NOW - 60_000 },
    entitled: true,
    allowed: true,
    chosen: false,
    renewed: false,
    consented: false,
  };
  const missing = (asked: Partial<Request> = {}, stands: Partial<Standing> = {}) =>
    missingStep({ ...request, ...asked }, { ...standing, ...stands });

  test('nothing, where all is as it should be', () => {
    expect(missing()).toBe(null);
    expect(missing({ subjects: [['ann'], ['bob', 'ann']] })).toBe(null);
  });

  test('each step, in their order', () => {
    const bad = {
      session: { ...standing.session, acr: 'pwd' as const },
      entitled: false,
      allowed: false,
    };
    expect(missing({ subjects: [['bob']], prompts: new Set(['login']) }, bad)).toBe('other-account');
    const which = { prompts: new Set(['select_account', 'login']) };
    expect(missing(which, bad)).toBe('select_account');
    expect(missing(which, { ...bad, chosen: true })).toBe('login');
    expect(missing({ prompts: new Set(['login']) }, bad)).toBe('login');
    expect(missing({ prompts: new Set(['login']) }, { ...bad, renewed: true })).toBe('entry');
    expect(missing({}, { ...bad, entitled: true })).toBe('proof');
    expect(missing({}, { allowed: false })).toBe('consent');
    expect(missing({}, { allowed: false, consented: true })).toBe(null);
    expect(missing({ prompts: new Set(['consent']) })).toBe('consent');
    expect(missing({ prompts: new Set(['consent']) }, { consented: true })).toBe(null);
  });

  test('max_age to the second; whoever has just gone through both steps is fresh enough', () => {
    expect(missing({ maxAge: 60 })).toBe(null);
    expect(missing({ maxAge: 60 }, { now: NOW + 1 })).toBe('login');
    expect(missing({ maxAge: 60 }, { now: NOW + 1, renewed: true })).toBe(null);
    const stepped = { ...standing.session, created_at: 0 };
    expect(missing({ maxAge: 60 }, { session: stepped })).toBe(null);
    expect(authenticatedAt({ created_at: 5, step_up_at: null })).toBe(5);
    expect(authenticatedAt({ created_at: 5, step_up_at: 4 })).toBe(5);
  });
});
