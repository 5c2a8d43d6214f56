import type { FieldComplaint } from '../kit/refusal.ts';

const MAX_BYTES = 1024;
/** Letters and digits that must be left of a password once what anybody would try first is taken out of it. */
const FEW = 5;

/**
 * Long enough to look good, and in every list of breached passwords or first on the tongue. The dictionaries hold
 * single words and short passwords; these they would take for passphrases.
 */
export const FAMOUS_PHRASES = [
  'correcthorsebatterystaple',
  'thisismypassword',
  'thisisapassword',
  'mypasswordispassword',
  'maytheforcebewithyou',
  'thequickbrownfox',
  'thequickbrownfoxjumpsoverthelazydog',
  'tobeornottobe',
  'tobeornottobethatisthequestion',
  'ilovemymother',
  'ilovemyfamily',
  'iloveyousomuch',
  'letmeinletmein',
  'opensesameopen',
  'loremipsumdolor',
  'loremipsumdolorsitamet',
  'onceuponatime',
  'inthebeginning',
  'winteriscoming',
  'youshallnotpass',
  'openthepodbaydoors',
  'livelongandprosper',
  'houstonwehaveaproblem',
  'hastalavistababy',
  'trustnobodytrustnobody',
  'changemeplease',
  'nevergonnagiveyouup',
  'iamthewalrus',
  'twinkletwinklelittlestar',
  'abrakadabrasimsalabim',
  'contraseña',
  'contrasena',
  'miclavesecreta',
  'teamomuchomiamor',
  'teamomucho',
  'holamundohola',
  'abretesesamo',
  'seronoserestaeslacuestion',
] as const;

/**
 * The rules that need no dictionary: length, phrases that everybody knows, and context. Length counts code points (R1);
 * nothing is ever cut. `context`: product, host, the person's own name and address (R2).
 */
export function complainAboutPassword(
  password: string,
  { minLength, context }: { minLength: number; context: readonly string[] },
): FieldComplaint | null {
  const normal = password.normalize('NFKC');
  if (Buffer.byteLength(normal) > MAX_BYTES) return 'password_too_long';
  if ([...normal].length < minLength) return 'password_too_short';
  if (isFamous(normal)) return 'password_common';
  return isMostlyContext(normal, context) ? 'password_context' : null;
}

/** `Correct Horse Battery Staple!` and `correct-horse-battery-staple1` too. */
function isFamous(password: string): boolean {
  const squashed = squash(password);
  return FAMOUS_PHRASES.some((phrase) => squashed === phrase || squashed.slice(0, -1) === phrase);
}

/** True when little is left of a password once the words that anybody would try first are taken out. */
function isMostlyContext(password: string, context: readonly string[]): boolean {
  const all = squash(password);
  let rest = all;
  for (const word of contextWords(context)) rest = rest.replaceAll(squash(word), '');
  return rest.length < all.length && [...rest].length < FEW;
}

/** Longest first, so that a whole address goes before its parts. */
export function contextWords(context: readonly string[]): string[] {
  const words = context.flatMap((entry) => [entry, ...entry.split(/[^\p{L}\p{N}]+/u)]);
  const long = words.map((word) => word.toLowerCase()).filter((word) => [...squash(word)].length >= 4);
  return [...new Set(long)].sort((left, right) => right.length - left.length);
}

/** Letters and digits alone, in lower case. */
function squash(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
