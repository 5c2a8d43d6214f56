/**
 * Password hashes that another system made and that an import brought along. They stand in `account.password_hash` as
 * PHC text behind a mark of our own, so that nothing takes one for ours: it is verified by its own rules, and replaced
 * at the next sign-in.
 */
const MARK = '$import';

/** What one check may cost; a hash beyond is refused when it is imported. About a second of one core each. */
const MOST_MEMORY_KIB = 128 * 1024;
/** KiB filled, over all passes. */
const MOST_FILLED_KIB = 8 * MOST_MEMORY_KIB;
const MOST_LANES = 16;
const MOST_BCRYPT_COST = 14;
/** HMACs: iterations times blocks of output. */
const MOST_ROUNDS = 2_000_000;
/** A digest of a few bytes would be met by every other password. */
const DIGEST_BYTES = [16, 128] as const;
const SALT_BYTES = [4, 128] as const;

export type ForeignHash =
  | { readonly kind: 'bcrypt'; readonly text: string }
  | { readonly kind: 'argon2'; readonly text: string }
  | {
      readonly kind: 'scrypt';
      readonly N: number;
      readonly r: number;
      readonly p: number;
      readonly salt: Buffer;
      readonly digest: Buffer;
    }
  | {
      readonly kind: 'pbkdf2';
      readonly hash: Pbkdf2Hash;
      readonly iterations: number;
      readonly salt: Buffer;
      readonly digest: Buffer;
    };

export type Pbkdf2Hash = 'sha1' | 'sha256' | 'sha512';
const OUTPUT_BYTES: Readonly<Record<Pbkdf2Hash, number>> = { sha1: 20, sha256: 32, sha512: 64 };

/** Why a hash is not taken: nobody here reads it, or one check would take too much of the machine. */
export type NoHash = 'unknown' | 'too_dear';

/** bcrypt's own text, or PHC text of argon2, scrypt (`ln,r,p`) or PBKDF2 (`i`; passlib's way of writing it too). */
export function readForeignHash(text: string): ForeignHash | NoHash {
  const bare = withoutPadding(text);
  return readBcrypt(bare) ?? readArgon2(bare) ?? readScrypt(bare) ?? readPbkdf2(bare) ?? 'unknown';
}

/** PHC text has base64 without `=` at the end; most programs write it with. */
function withoutPadding(text: string): string {
  return text.replace(/={1,2}(?=\$|$)/g, '');
}

/** PHC text of what other systems keep in pieces. */
export function scryptText({ N, r, p }: { N: number; r: number; p: number }, salt: Buffer, digest: Buffer) {
  return `$scrypt$ln=${Math.log2(N)},r=${r},p=${p}$${phc(salt)}$${phc(digest)}`;
}

/** The same for PBKDF2. */
export function pbkdf2Text(hash: Pbkdf2Hash, iterations: number, salt: Buffer, digest: Buffer): string {
  return `$pbkdf2-${hash}$i=${iterations}$${phc(salt)}$${phc(digest)}`;
}

/** How a hash that `readForeignHash` takes is stored. */
export function asStored(text: string): string {
  return MARK + withoutPadding(text);
}

/** -> the text without its mark; null for a hash of ours. */
export function foreignText(stored: string): string | null {
  return stored.startsWith(`${MARK}$`) ? stored.slice(MARK.length) : null;
}

/** A hash like this one that no password meets: costs the same to check, and belongs to nobody. */
export function likenessOf(stored: string): string {
  const digest = stored.startsWith(`${MARK}$2`) ? 31 : stored.length - stored.lastIndexOf('$') - 1;
  return stored.slice(0, -digest) + (stored.startsWith(`${MARK}$2`) ? '.' : 'A').repeat(digest);
}

/** Two hashes with one kind cost the same: algorithm and parameters, without salt and digest. */
export function kindOf(stored: string): string {
  if (stored.startsWith(`${MARK}$2`)) return stored.slice(0, `${MARK}$2b$10`.length);
  return stored.split('$').slice(0, -2).join('$');
}

function readBcrypt(text: string): ForeignHash | NoHash | null {
  const found = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(text);
  if (!found) return null;
  const cost = Number(found[1]);
  if (cost < 4 || cost > 31) return 'unknown';
  return cost > MOST_BCRYPT_COST ? 'too_dear' : { kind: 'bcrypt', text };
}

function readArgon2(text: string): ForeignHash | NoHash | null {
  const found =
    /^\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
      text,
    );
  if (!found) return null;
  const [m, t, p] = found.slice(1, 4).map(Number) as [number, number, number];
  const sized = isSized(fromPhc(found[4]), [8, 128]) && isSized(fromPhc(found[5]), DIGEST_BYTES);
  if (!sized || t < 1 || p < 1 || m < 8 * p) return 'unknown';
  const dear = m > MOST_MEMORY_KIB || m * t > MOST_FILLED_KIB || p > MOST_LANES;
  return dear ? 'too_dear' : { kind: 'argon2', text };
}

function readScrypt(text: string): ForeignHash | NoHash | null {
  const found = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,5}),p=(\d{1,5})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
    text,
  );
  if (!found) return null;
  const [ln, r, p] = found.slice(1, 4).map(Number) as [number, number, number];
  const [salt, digest] = [fromPhc(found[4]), fromPhc(found[5])];
  if (!isSized(salt, SALT_BYTES) || !isSized(digest, DIGEST_BYTES) || ln < 1 || r < 1 || p < 1)
    return 'unknown';
  const kib = (2 ** ln * r) / 8;
  if (kib > MOST_MEMORY_KIB || kib * p > MOST_FILLED_KIB || p > MOST_LANES) return 'too_dear';
  return { kind: 'scrypt', N: 2 ** ln, r, p, salt, digest };
}

function readPbkdf2(text: string): ForeignHash | NoHash | null {
  const found =
    /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,10})(?:,l=(\d{1,3}))?\$([A-Za-z0-9+/.]+)\$([A-Za-z0-9+/.]+)$/.exec(
      text,
    );
  if (!found) return null;
  const hash = (found[1] ?? 'sha1') as Pbkdf2Hash;
  const iterations = Number(found[2]);
  const [salt, digest] = [fromPhc(found[4]), fromPhc(found[5])];
  if (!isSized(salt, SALT_BYTES) || !isSized(digest, DIGEST_BYTES) || iterations < 1) return 'unknown';
  if (found[3] !== undefined && Number(found[3]) !== digest.length) return 'unknown';
  const blocks = Math.ceil(digest.length / OUTPUT_BYTES[hash]);
  return iterations * blocks > MOST_ROUNDS ? 'too_dear' : { kind: 'pbkdf2', hash, iterations, salt, digest };
}

const phc = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
/** passlib writes `.` for `+`. */
const fromPhc = (text = ''): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');
const isSized = ({ length }: Buffer, [least, most]: readonly [number, number]): boolean =>
  length >= least && length <= most;
