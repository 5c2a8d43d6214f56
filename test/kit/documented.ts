import { readFileSync } from 'node:fs';

/** The first block of this language below this heading, as it stands in the document. */
export function documented(document: string, heading: string, language: string): string {
  const text = readFileSync(new URL(`../../docs/${document}`, import.meta.url), 'utf8');
  const below = text.slice(text.indexOf(`\n## ${heading}`));
  const block = new RegExp(`\n\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(below)?.[1];
  if (block === undefined) throw new Error(`${document} has no ${language} below "${heading}"`);
  return `${block}\n`;
}
