import { describe, expect, test } from 'vitest';
import { FORMATS, HEAD_BYTES, kindOf, namedFormat } from './format-rules.ts';
import { attachment, isSlug, isVersion, readFileName } from './name-rules.ts';
import { askedSpan, isKnown } from './range-rules.ts';

describe('formats', () => {
  test('are told by the end of the name, the longest that fits', () => {
    expect(namedFormat('Field Notes 2.APK')).toBe('apk');
    expect(namedFormat('notes.tar.gz')).toBe('tar.gz');
    expect(namedFormat('notes.tgz')).toBe('tar.gz');
    expect(namedFormat('Notes-x86_64.AppImage')).toBe('appimage');
    for (const bad of ['notes.gz', 'notes.html', 'notes.svg', '.apk', 'apk', 'notes.apk.txt', 'notes.jar'])
      expect(namedFormat(bad), bad).toBeNull();
  });

  test('R78: no page, picture or script looks like any of them', () => {
    const others = [
      '<!doctype html><script>',
      '<svg xmlns="http://www.w3.org/2000/svg">',
      '#!/bin/sh\n',
      '%PDF-1.7',
    ];
    for (const text of [...others, '\x89PNG\r\n\x1a\n', 'GIF89a', '', 'P']) {
      const head = Buffer.from(text.padEnd(600, ' '), 'latin1').subarray(0, Math.max(text.length, 0) || 0);
      for (const format of FORMATS) expect(kindOf(format).looks(head, head), `${format} ${text}`).toBe(false);
    }
  });

  test('a Windows program points to its second header', () => {
    const program = Buffer.alloc(HEAD_BYTES);
    program.write('MZ');
    program.writeUInt32LE(128, 0x3c);
    expect(kindOf('exe').looks(program, program)).toBe(false);
    program.write('PE\0\0', 128, 'latin1');
    expect(kindOf('exe').looks(program, program)).toBe(true);
    program.writeUInt32LE(0xffffffff, 0x3c);
    expect(kindOf('exe').looks(program, program)).toBe(false);
  });
});

test('A60: a file name that is a path, hidden, or reads backwards is refused, not mended', () => {
  for (const bad of [
    '../x.apk',
    'a/b.apk',
    'a\\b.apk',
    '..',
    '.x.apk',
    'x\0.apk',
    'x\n.apk',
    'gpj.\u202Eexe',
    'C:x',
    '',
  ])
    expect(readFileName(bad), JSON.stringify(bad)).toBeNull();
  expect(readFileName('x'.repeat(151))).toBeNull();
  expect(readFileName(' Notizbuch für Außendienst 2.4.apk ')).toBe('Notizbuch für Außendienst 2.4.apk');
});

test('R79: the name of a download is plain for the old, whole for the others, and cannot leave its header', () => {
  expect(attachment('notes-2.apk')).toBe(`attachment; filename="notes-2.apk"; filename*=UTF-8''notes-2.apk`);
  expect(attachment('Año (1) 100%.apk')).toBe(
    `attachment; filename="A_o (1) 100_.apk"; filename*=UTF-8''A%C3%B1o%20%281%29%20100%25.apk`,
  );
});

test('addresses and versions', () => {
  for (const good of ['a', 'field-notes', '7zip', 'x'.repeat(40)]) expect(isSlug(good), good).toBe(true);
  for (const bad of [
    '',
    '-a',
    'a-',
    'A',
    'a_b',
    'a/b',
    '..',
    'manage',
    'install',
    'new',
    'x'.repeat(41),
    'ñ',
  ])
    expect(isSlug(bad), bad).toBe(false);
  for (const good of ['1', '2.4.1', '1.0.0-beta.2+arm64', '2026_11'])
    expect(isVersion(good), good).toBe(true);
  for (const bad of ['', '.1', '1 0', '1/0', '1..0', '-1', '1'.repeat(41)])
    expect(isVersion(bad), bad).toBe(false);
});

describe('R79: what of a file is asked for', () => {
  const ETAG = '"abc"';
  const span = (range: string | undefined, ifRange?: string, size = 100) =>
    askedSpan({ range, ifRange }, size, ETAG);

  test('a part, an end, a beginning', () => {
    expect(span('bytes=0-0')).toEqual({ start: 0, end: 0 });
    expect(span('bytes=10-')).toEqual({ start: 10, end: 99 });
    expect(span('bytes=10-500')).toEqual({ start: 10, end: 99 });
    expect(span('bytes=-10')).toEqual({ start: 90, end: 99 });
    expect(span('bytes=-500')).toEqual({ start: 0, end: 99 });
  });

  test('what lies behind the end is not there', () => {
    for (const range of ['bytes=100-', 'bytes=100-200', 'bytes=-0'])
      expect(span(range), range).toBe('beyond');
    expect(span('bytes=-5', undefined, 0)).toBe('beyond');
  });

  test('what we do not understand is answered with the whole', () => {
    for (const range of [
      undefined,
      '',
      'bytes=',
      'bytes=-',
      'bytes=9-1',
      'bytes=0-1,5-6',
      'lines=0-1',
      'bytes=a-b',
      'bytes=1e3-',
    ])
      expect(span(range), range).toBe('whole');
  });

  test('a part of another file is never given', () => {
    expect(span('bytes=10-', ETAG)).toEqual({ start: 10, end: 99 });
    for (const other of ['"abd"', 'W/"abc"', 'Tue, 24 Nov 2026 10:00:00 GMT', ''])
      expect(span('bytes=10-', other), other).toBe('whole');
  });

  test('what the browser has already', () => {
    expect(isKnown(undefined, ETAG)).toBe(false);
    for (const known of [ETAG, `"x", ${ETAG}`, `W/${ETAG}`, '*'])
      expect(isKnown(known, ETAG), known).toBe(true);
    expect(isKnown('"abd"', ETAG)).toBe(false);
  });
});
