import { expect, test } from 'vitest';
import { html, trusted } from './html.ts';

test('strings are escaped, in text and in attributes', () => {
  const name = `<b>"Ann" & 'Bo'</b>`;
  expect(html`<p title="${name}">${name}</p>`.text).toBe(
    '<p title="&lt;b&gt;&quot;Ann&quot; &amp; &#39;Bo&#39;&lt;/b&gt;">&lt;b&gt;&quot;Ann&quot; &amp; &#39;Bo&#39;&lt;/b&gt;</p>',
  );
});

test('what is not ASCII is sent as UTF-8 and told as it was written, wherever it stands', () => {
  const page = html`<p>Año ’25 · ${'<señal>'} ${trusted('<i>→</i>')} ${'\u{1f511}'}</p>`;
  expect(page.text).toBe('<p>Año ’25 · &lt;señal&gt; <i>→</i> \u{1f511}</p>');
  expect(page.bytes().equals(Buffer.from(page.text))).toBe(true);
  expect(html`<b>${page}</b>`.text).toBe(`<b>${page.text}</b>`);
  expect(`${page}`).toBe(page.text);
});

test('nested results and lists pass; nothing is printed for null, undefined and false', () => {
  const items = ['<', 'b'].map((item) => html`<li>${item}</li>`);
  expect(html`<ul>${items}</ul>${null}${undefined}${false}${0}`.text).toBe(
    '<ul><li>&lt;</li><li>b</li></ul>0',
  );
  expect(html`${trusted('<svg></svg>')}`.text).toBe('<svg></svg>');
});
