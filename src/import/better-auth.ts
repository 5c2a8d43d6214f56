import { z } from 'zod';
import { scryptText } from '../kit/foreign-hash.ts';
import { createOpener, type Opener } from './better-auth-secret.ts';
import { readTables, type Table } from './better-auth-tables.ts';
import { complaintOf, flag, isTrue, localPart, text } from './json-file.ts';
import { type AppSecret, type Row, type Source, USUAL_APP } from './newcomer.ts';

/** JSON reads the longest of numbers inexactly: two people would be one, with the password of either (`z.int` takes none). */
const id = z.union([z.string(), z.int()]).transform(String);

const user = z.looseObject({
  id,
  name: text,
  email: text,
  emailVerified: flag,
  twoFactorEnabled: flag,
  banned: flag,
  banExpires: z.unknown().optional(),
});
const account = z.looseObject({ userId: id, providerId: z.string(), password: text });
/** `verified`: not there in versions that stored an app only once it was confirmed. */
const twoFactor = z.looseObject({ userId: id, secret: z.string(), verified: z.unknown().optional() });

type User = z.infer<typeof user>;

/** Its tables `user`, `account` and `twoFactor`. */
export const betterAuth: Source = {
  async *read(path, { secrets }) {
    const tables = await readTables(path);
    const opener = secrets === null ? null : await createOpener(secrets);
    const passwords = byUser(tables.account, account, ({ providerId }) => providerId === 'credential');
    // Shown and never confirmed: its owner signs in there by something else, and may not have it in any app.
    const apps = byUser(tables.twoFactor, twoFactor, ({ verified }) => isTrue(verified ?? true));
    yield* [...passwords.bad, ...apps.bad];
    for (const { place, row } of tables.user) {
      const read = user.safeParse(row);
      if (!read.success) {
        yield { place, problem: complaintOf(read.error) };
        continue;
      }
      const password = passwords.found.get(read.data.id)?.password ?? '';
      yield rowOf(place, read.data, password, apps.found.get(read.data.id)?.secret, opener);
    }
  },
};

function rowOf(
  place: string,
  found: User,
  password: string,
  sealed: string | undefined,
  opener: Opener | null,
): Row {
  // Without it, the secret was shown once and never confirmed.
  const app = found.twoFactorEnabled ? appOf(sealed, opener) : null;
  return {
    place,
    email: found.email,
    name: found.name || localPart(found.email),
    proven: found.emailVerified,
    suspended: found.banned,
    locale: '',
    password: password === '' ? null : passwordText(password),
    apps: app === null || typeof app === 'string' ? [] : [app],
    roles: [],
    groups: [],
    notKept: [
      ...(typeof app === 'string' ? [app] : []),
      // Whom it has let in again since is still marked there until they sign in.
      ...(found.banned && found.banExpires ? ['the day on which the suspension ends'] : []),
    ],
  };
}

/** `salt:key` in hexadecimal, where the salt's text itself is the salt; or whatever an app has put in its place. */
function passwordText(stored: string): string {
  const [, salt, key] = /^([0-9a-f]{32}):([0-9a-f]{128})$/.exec(stored) ?? [];
  if (!salt || !key) return stored;
  return scryptText({ N: 16_384, r: 16, p: 1 }, Buffer.from(salt), Buffer.from(key, 'hex'));
}

/** Its characters are the secret; the app was shown their base32. How many digits there are stands in no table. */
function appOf(sealed: string | undefined, opener: Opener | null): AppSecret | string {
  if (sealed === undefined) return 'second step of the other system';
  if (!opener) return 'authenticator app, without --secret-file';
  const secret = opener(sealed);
  if (secret === null) return 'authenticator app, which the secret of --secret-file does not open';
  return { ...USUAL_APP, secret, encoding: 'text', label: '' };
}

function byUser<T extends { readonly userId: string }>(
  table: Table,
  schema: z.ZodType<T>,
  wanted: (row: T) => boolean,
): { readonly found: ReadonlyMap<string, T>; readonly bad: readonly Row[] } {
  const found = new Map<string, T>();
  const bad: Row[] = [];
  for (const { place, row } of table) {
    const read = schema.safeParse(row);
    if (!read.success) bad.push({ place, problem: complaintOf(read.error) });
    else if (wanted(read.data)) found.set(read.data.userId, read.data);
  }
  return { found, bad };
}
