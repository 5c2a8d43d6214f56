/** True for what holds every word in its name or description; case and accents don't matter. */
export function matcher(query: string): (app: { name: string; description: string }) => boolean {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  return ({ name, description }) => {
    const text = fold(`${name} ${description}`);
    return words.every((word) => text.includes(word));
  };
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
