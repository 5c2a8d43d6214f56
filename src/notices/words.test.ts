import { describe, expect, test } from 'vitest';
import { said } from './notice-facts.ts';
import { noticeWords } from './words.ts';

const MINUTE = 60_000;

describe('until when codes are paused, in Spanish', () => {
  test.each([
    ['00:50', 'hasta las 00:50'],
    ['01:05', 'hasta la 01:05'],
    ['02:05', 'hasta las 02:05'],
    ['10:05', 'hasta las 10:05'],
    ['11:05', 'hasta las 11:05'],
    ['13:05', 'hasta las 13:05'],
  ])('%s', (time, words) => {
    const until = Date.parse(`2026-05-04T${time}:00Z`);
    const notice = { kind: 'codes_held', until, keys: false } as const;
    const place = { now: until - 15 * MINUTE, network: '', browser: '' };
    const told = said(notice, place, { time_zone: null }, 'Countersign', 'es');
    expect(noticeWords.es.notices.codes_held.body(told).join(' ')).toContain(`Durante 15 minutos, ${words} `);
    expect(noticeWords.es.notices.temporary_pass.body(told).join(' ')).toContain(words);
  });
});
