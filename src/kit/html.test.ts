import { expect, test } from 'vitest';
import { html, trusted } from './html.ts';

test('strings are escaped, in text and in attributes', () => {
  const name = `<b>"Ann" & 'Bo'</b>`;
  expect(html`<p title="${name}">${name}</p>`.text).toBe(
    '<p title="&lt;b&gt;&quot;Ann&quot; &amp; &#39;Bo&#39;&lt;/b&gt;">&lt;b&gt;&quot;Ann&quot; &amp; &#39;Bo&#39;&lt;/b&gt;</p>',
  );
});

test('nested results and lists pass; nothing is printed for null, undefined and false', () => {
  const items = ['<', 'b'].map((item) => html`<li>${item}</li>`);
  expect(html`<ul>${items}</ul>${null}${undefined}${false}${0}`.text).toBe(
    '<ul><li>&lt;</li><li>b</li></ul>0',
  );
  expect(html`${trusted('<svg></svg>')}`.text).toBe('<svg></svg>');
});
