/**
 * True for people whose name and address together hold every word. Upper and lower case and accents don't matter: who
 * looks for "jose" means José too, and no database folds both alike.
 */
export function matcher(query: string): (person: { name: string; email: string }) => boolean {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  return ({ name, email }) => {
    const text = `${fold(name)} ${fold(email)}`;
    return words.every((word) => text.includes(word));
  };
}

function fold(text: string): string {
  // Most names and addresses of a big directory need no more than this.
  if (/^[\p{ASCII}]*$/u.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
