import { type Html, html, trusted } from '../kit/html.ts';
import type { Locale, Words } from '../words/locale.ts';
import { letterStyle } from './letter-style.ts';
import type { MailMessage } from './message.ts';
import { oneLine } from './one-line.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

const WORDS: Words<typeof en> = { en, es };

/** What a letter says of the house that sends it. */
export interface LetterHead {
  readonly brand: string;
  readonly baseUrl: string;
  readonly supportEmail: string | null;
  /** `#rrggbb`; null for our own. */
  readonly accent?: string | null;
}

export interface Fact {
  readonly term: string;
  readonly value: string;
}

export interface LetterLink {
  /** The sentence before it: what opening it is for. */
  readonly lead: string;
  /** What stands on it where it can be pressed. */
  readonly label: string;
  readonly url: string;
}

export interface LetterContent {
  readonly locale: Locale;
  readonly subject: string;
  /** Empty where the name was typed by somebody whose address is not proven: mail must not carry a stranger's words. */
  readonly name: string;
  readonly paragraphs: readonly string[];
  readonly facts?: readonly Fact[];
  /** The one thing that the letter is for: a button. */
  readonly action?: LetterLink;
  readonly links?: readonly LetterLink[];
}

/** -> one mail without its recipient. Every text may come from a person: it is cleaned and escaped here (R75). */
export function letter(head: LetterHead, content: LetterContent): Omit<MailMessage, 'to'> {
  const words = WORDS[content.locale];
  const parts: Parts = {
    locale: content.locale,
    subject: oneLine(content.subject, 200),
    greeting: words.greeting(oneLine(content.name, 80)),
    paragraphs: content.paragraphs.map(sentence),
    facts: (content.facts ?? []).map(({ term, value }) => ({ term, value: oneLine(value, 240) })),
    action: content.action ? cleanLink(content.action) : null,
    links: (content.links ?? []).map(cleanLink),
    closing: [
      ...(head.supportEmail ? [words.support(head.supportEmail)] : []),
      words.sender(oneLine(head.brand), new URL(head.baseUrl).host),
    ],
  };
  return { subject: parts.subject, text: asText(parts), html: asHtml(head, parts).text };
}

const sentence = (text: string) => oneLine(text, 1_000);

function cleanLink({ lead, label, url }: LetterLink): LetterLink {
  return { lead: sentence(lead), label: oneLine(label), url: new URL(url).href };
}

interface Parts {
  readonly locale: Locale;
  readonly subject: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly facts: readonly Fact[];
  readonly action: LetterLink | null;
  readonly links: readonly LetterLink[];
  readonly closing: readonly string[];
}

/** Links stand alone on a line, so that they survive every reader and can be copied whole. */
function asText({ greeting, paragraphs, facts, action, links, closing }: Parts): string {
  const linkText = ({ lead, url }: LetterLink) => `${lead}\n\n${url}`;
  const blocks = [
    greeting,
    ...paragraphs,
    ...(action ? [linkText(action)] : []),
    ...(facts.length > 0 ? [facts.map(({ term, value }) => `  ${term}: ${value}`).join('\n')] : []),
    ...links.map(linkText),
    `-- \n${closing.join('\n')}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function asHtml(
  head: LetterHead,
  { locale, subject, greeting, paragraphs, facts, action, links, closing }: Parts,
): Html {
  const style = letterStyle(head.accent ?? null);
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject}</title>
<style>${trusted(style.sheet)}</style>
</head>
<body class="paper" style="${style.body}">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0" style="max-width:544px"><tr><td align="left" class="ink" style="${style.ink}">
<p class="ink line" style="${style.mark}"><span aria-hidden="true" class="accent" style="${style.strokes}">//</span> ${oneLine(head.brand)}</p>
<h1 class="ink" style="${style.title}">${subject}</h1>
<p style="${style.paragraph}">${greeting}</p>
${paragraphs.map((paragraph) => html`<p style="${style.paragraph}">${paragraph}</p>\n`)}${action ? button(action) : null}${
  facts.length > 0 ? factTable() : null
}${links.map(plainLink)}${closing.map((line, index) => html`<p class="quiet${index === 0 ? ' line-above' : ''}" style="${index === 0 ? style.closing : style.closingNext}">${line}</p>\n`)}</td></tr></table>
</td></tr></table>
</body>
</html>
`;

  function button({ lead, label, url }: LetterLink): Html {
    return html`<p style="${style.paragraph}">${lead}</p>
<p style="${style.buttonRow}"><a class="button" href="${url}" style="${style.button}">${label}</a></p>
<p class="quiet" style="${style.address}">${url}</p>
`;
  }

  function factTable(): Html {
    const rows = facts.map(
      ({
        term,
        value,
      }) => html`<tr><th scope="row" align="left" valign="top" class="quiet line" style="${style.term}">${term}</th><td align="left" valign="top" class="ink line" style="${style.value}">${value}</td></tr>
`,
    );
    return html`<table width="100%" cellspacing="0" cellpadding="0" border="0" class="line-above" style="${style.facts}">
${rows}</table>
`;
  }

  function plainLink({ lead, label, url }: LetterLink): Html {
    return html`<p style="${style.linkLead}">${lead}</p>
<p style="${style.paragraph}"><a class="accent" href="${url}" style="${style.link}">${label}</a></p>
`;
  }
}
