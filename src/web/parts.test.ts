import { describe, expect, test } from 'vitest';
import { html } from '../kit/html.ts';
import * as fields from './fields.ts';
import { ICON_NAMES, icon } from './icons.ts';
import * as parts from './parts.ts';
import * as times from './times.ts';

const EVIL = `"><script>alert('x')</script>`;

describe('a field', () => {
  test('belongs to its label', () => {
    const { text } = fields.field({
      name: 'email',
      label: 'E-mail',
      type: 'email',
      autocomplete: 'username',
      required: true,
    });
    expect(text).toContain('<label for="f-email">E-mail</label>');
    expect(text).toContain('<input id="f-email" name="email" type="email" autocomplete="username" required>');
    expect(text).not.toContain('aria-');
  });

  test('is described by its hint and its complaint, and a complaint takes the focus', () => {
    const { text } = fields.field({
      name: 'email',
      label: 'E-mail',
      hint: 'We write to it.',
      error: 'Fill this in.',
    });
    expect(text).toContain('aria-describedby="f-email-hint f-email-error" aria-invalid="true"');
    expect(text).toContain('<p class="hint" id="f-email-hint">We write to it.</p>');
    expect(text).toMatch(/<p class="error" id="f-email-error">.*Fill this in\./);
    expect(text).toContain(' autofocus>');
  });

  test('may have another id where a page holds two of that name', () => {
    const { text } = fields.field({ name: 'password', id: 'again', label: 'Password', hint: 'h' });
    expect(text).toContain('for="again"');
    expect(text).toContain('id="again" name="password" aria-describedby="again-hint"');
  });

  test('shows what was typed, and nothing of it as markup', () => {
    for (const part of [
      fields.field({ name: 'n', label: EVIL, value: EVIL, hint: EVIL, error: EVIL, autocomplete: EVIL }),
      fields.select({ name: 's', label: EVIL, value: EVIL, options: [{ value: EVIL, text: EVIL }] }),
      fields.checkbox({ name: 'c', label: EVIL, hint: EVIL }),
      parts.notice('danger', EVIL),
      parts.itemList([{ title: EVIL, meta: EVIL, actions: EVIL }], EVIL),
      parts.definitionList([{ term: EVIL, value: EVIL }]),
      parts.copyable({ id: 'k', text: EVIL, copyText: EVIL, copiedText: EVIL }),
      parts.codeActions({
        codes: [EVIL],
        copy: EVIL,
        copied: EVIL,
        download: EVIL,
        fileName: EVIL,
        print: EVIL,
      }),
      parts.linkButton(EVIL, EVIL, { dialog: EVIL }),
      parts.dialog({ id: 'd', title: EVIL, body: EVIL }),
      icon('key', EVIL),
    ]) {
      expect(part.text).toContain('&lt;script&gt;');
      expect(part.text).not.toContain('<script>');
      expect(part.text).not.toContain('""');
    }
  });
});

test('a code is one input: the phone may fill it in, and spaces may be pasted', () => {
  const digits = fields.codeField({ name: 'code', label: 'One-time code', kind: 'digits' }).text;
  expect(digits).toContain('inputmode="numeric" autocomplete="one-time-code"');
  expect(digits).toContain('maxlength="20"');
  expect(digits.match(/<input/g)).toHaveLength(1);
  const recovery = fields.codeField({ name: 'code', label: 'Recovery code', kind: 'recovery' }).text;
  expect(recovery).toContain('autocomplete="off" autocapitalize="characters"');
  expect(recovery).not.toContain('inputmode');
});

test('a choice is chosen, a tick is ticked', () => {
  const options = [
    { value: 'en', text: 'English' },
    { value: 'es', text: 'Español' },
  ];
  const { text } = fields.select({ name: 'locale', label: 'Language', value: 'es', options });
  expect(text).toContain('<option value="en">English</option><option value="es" selected>');
  const grouped = fields.select({
    name: 's',
    label: 'S',
    value: 'es',
    options: [{ group: 'G', options }],
  }).text;
  expect(grouped).toContain('<optgroup label="G"><option value="en">');
  expect(fields.checkbox({ name: 'trust', label: 'Trust', checked: true }).text).toContain(
    'value="on" checked>',
  );
  expect(fields.checkbox({ name: 'trust', label: 'Trust' }).text).not.toContain('checked');
});

test('a form is posted, and its checks by the browser are left on', () => {
  expect(fields.form({ action: '/sign-in', body: fields.hidden('a', 'b') }).text).toBe(
    '<form method="post" action="/sign-in"><input type="hidden" name="a" value="b"></form>',
  );
});

test('state is told by icon and word', () => {
  expect(parts.notice('success', 'Saved.').text).toMatch(/role="status" tabindex="-1"><svg.*Saved\./);
  expect(parts.notice('danger', 'Gone.').text).toMatch(/role="alert" tabindex="-1"><svg.*Gone\./);
  // What stands there every time is no alarm.
  expect(parts.notice('warning', 'Three left.').text).toMatch(/role="note"><svg.*Three left\./);
});

test('an empty list says so', () => {
  expect(parts.itemList([], 'Nothing yet.').text).toBe('<p class="empty">Nothing yet.</p>');
  expect(parts.itemList([{ title: 'One' }], 'Nothing yet.').text).not.toContain('Nothing yet.');
});

test('without a script a dialog is a link to a page, and closing it sends nothing', () => {
  expect(parts.linkButton('/remove', 'Remove', { dialog: 'd' }).text).toContain(
    'href="/remove" data-dialog="d"',
  );
  expect(parts.closeButton('Cancel').text).toContain('formmethod="dialog" formnovalidate');
});

test('what only a script can do is marked as such', () => {
  const copyable = parts.copyable({
    id: 'k',
    text: 'ABCD',
    shown: html`AB CD`,
    copyText: 'Copy',
    copiedText: 'Copied',
  }).text;
  expect(copyable).toContain('<code id="k" data-text="ABCD">AB CD</code>');
  expect(copyable).toContain('scripted" data-copy="k" data-done="Copied"');
  expect(parts.copyButton({ from: 'k', text: 'Copy', done: 'Copied', what: 'Issuer' }).text).toContain(
    'aria-label="Copy: Issuer"',
  );
  const actions = parts.codeActions({
    codes: ['AAAA-BBBB', 'CCCC-DDDD'],
    copy: 'Copy',
    copied: 'Copied',
    download: 'Download',
    fileName: 'a.txt',
    print: 'Print',
  });
  expect(actions.text).toMatch(/^<div class="actions scripted">/);
  expect(actions.text).toContain('data-download="codes" data-filename="a.txt"');
  expect(actions.text).toContain(
    'href="data:text/plain;charset=utf-8,AAAA-BBBB%0ACCCC-DDDD%0A" download="a.txt"',
  );
});

test('recovery codes are listed, and their owner is named on paper', () => {
  const { text } = parts.codeGrid(['AAAA-BBBB', 'CCCC-DDDD'], { heading: 'Ann' });
  expect(text).toContain('<div class="on-paper">Ann</div>');
  expect(text.match(/<li><code>/g)).toHaveLength(2);
});

test('no part needs an inline style or handler (R77)', () => {
  const all = [
    fields.field({ name: 'p', label: 'P', type: 'password', error: 'e' }),
    fields.codeField({ name: 'c', label: 'C', kind: 'digits' }),
    parts.button('B', { icon: 'key', wide: true, kind: 'danger' }),
    parts.steps([{ title: 'T', body: parts.card('c') }]),
    parts.section({ title: 'S', lead: 'L', body: 'b' }),
    times.time(0, 0, 'en', null),
    ...ICON_NAMES.map((name) => icon(name)),
  ];
  expect(all.join('')).not.toMatch(/ (style|on\w+)=/);
});

describe('time', () => {
  const noon = Date.UTC(2026, 4, 3, 12, 5);
  const minute = 60_000;
  const hour = 60 * minute;
  const day = 24 * hour;

  test.each([
    [0, 'now'],
    [29_000, 'now'],
    [31_000, '1 minute ago'],
    [3 * minute, '3 minutes ago'],
    [59.6 * minute, '1 hour ago'],
    [23.6 * hour, '1 day ago'],
    [29 * day, '29 days ago'],
    [29.6 * day, '1 month ago'],
    [352 * day, '1 year ago'],
    [800 * day, '2 years ago'],
    [-2 * day, 'in 2 days'],
  ])('%d milliseconds later is told as "%s"', (later, told) => {
    expect(times.relativeTime(noon, noon + later, 'en')).toBe(told);
  });

  test('speaks the language of the page', () => {
    expect(times.relativeTime(noon, noon + 3 * minute, 'es')).toBe('hace 3 minutos');
    expect(times.relativeTime(noon, noon, 'es')).toBe('ahora');
  });

  test('has the exact one on hover and for screen readers', () => {
    expect(times.time(noon, noon + hour, 'en', 'UTC').text).toBe(
      '<time datetime="2026-05-03T12:05:00.000Z" title="3 May 2026, 12:05 (UTC)">1 hour ago<span class="unseen">, 3 May 2026, 12:05 (UTC)</span></time>',
    );
  });
});
