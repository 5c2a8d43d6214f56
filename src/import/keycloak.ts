import { z } from 'zod';
import { pbkdf2Text } from '../kit/foreign-hash.ts';
import { complaintOf, flag, readJsonFile, text } from './json-file.ts';
import { type AppSecret, BadFile, type Row, type Source } from './newcomer.ts';

const credential = z.looseObject({
  type: z.string(),
  userLabel: text,
  secretData: text,
  credentialData: text,
});

const user = z.looseObject({
  username: text,
  email: text,
  firstName: text,
  lastName: text,
  enabled: z.boolean().default(true),
  emailVerified: flag,
  serviceAccountClientId: z.string().nullish(),
  attributes: z.looseObject({ locale: z.array(z.string()).optional() }).nullish(),
  credentials: z.array(credential).nullish(),
  requiredActions: z.array(z.string()).nullish(),
  groups: z.array(z.string()).nullish(),
});

type Credential = z.infer<typeof credential>;

/** A realm's export, `kc.sh export --users realm_file`, or one of its files of users. */
export const keycloak: Source = {
  async *read(path) {
    for (const [place, row] of usersIn(await readJsonFile(path))) {
      const read = user.safeParse(row);
      if (!read.success) yield { place, problem: complaintOf(read.error) };
      // The account of a program has no person behind it.
      else if (!read.data.serviceAccountClientId) yield rowOf(place, read.data);
    }
  },
};

function* usersIn(file: unknown): Generator<[place: string, row: unknown]> {
  const realms = Array.isArray(file) ? file : [file];
  const several = realms.length > 1;
  const found = realms.flatMap((realm: { users?: unknown } | null, index) =>
    Array.isArray(realm?.users) ? [{ at: several ? `[${index}].users` : 'users', users: realm.users }] : [],
  );
  if (found.length === 0)
    throw new BadFile('There are no users in the file: export the realm with `--users realm_file`.');
  for (const { at, users } of found)
    for (const [index, row] of users.entries()) yield [`${at}[${index}]`, row];
}

function rowOf(place: string, found: z.infer<typeof user>): Row {
  const credentials = found.credentials ?? [];
  const password = credentials.find(({ type }) => type === 'password');
  const hash = password ? passwordText(password) : null;
  if (hash === undefined) return { place, problem: 'the password hash is of an unknown kind' };
  const otp = credentials.filter(({ type }) => type === 'otp').map(appOf);
  return {
    place,
    email: found.email,
    name: `${found.firstName} ${found.lastName}`.trim() || found.username,
    proven: found.emailVerified,
    suspended: !found.enabled,
    locale: found.attributes?.locale?.[0] ?? '',
    password: hash,
    apps: otp.flatMap((app) => (typeof app === 'string' ? [] : [app])),
    // Another system's `admin` administers that system.
    roles: [],
    groups: (found.groups ?? []).map((name) => name.replace(/^\//, '')),
    notKept: [
      ...otp.flatMap((app) => (typeof app === 'string' ? [app] : [])),
      ...credentials.flatMap(({ type }) => OTHERS[type] ?? []),
      ...(found.requiredActions ?? []).flatMap((action) =>
        action === 'UPDATE_PASSWORD' ? [NEW_PASSWORD] : [],
      ),
    ],
  };
}

const OTHERS: Readonly<Record<string, string>> = {
  webauthn: 'security key, which is bound to the other system’s address',
  'webauthn-passwordless': 'passkey, which is bound to the other system’s address',
  'recovery-authn-codes': 'recovery codes',
};
const NEW_PASSWORD = 'having to choose a new password at the next sign-in';

const secretData = z.looseObject({ value: z.string(), salt: text });
const passwordData = z.looseObject({
  hashIterations: z.number().int().default(0),
  algorithm: z.string(),
  additionalParameters: z.record(z.string(), z.array(z.string())).nullish(),
});

/** -> the hash as PHC text; undefined for one that can't be read. Both halves are JSON within JSON. */
function passwordText(found: Credential): string | undefined {
  const secret = secretData.safeParse(parsed(found.secretData)).data;
  const data = passwordData.safeParse(parsed(found.credentialData)).data;
  if (!secret || !data) return undefined;
  const [salt, digest] = [Buffer.from(secret.salt, 'base64'), Buffer.from(secret.value, 'base64')];
  const { hashIterations: rounds, additionalParameters: more } = data;
  switch (data.algorithm) {
    case 'pbkdf2':
      return pbkdf2Text('sha1', rounds, salt, digest);
    case 'pbkdf2-sha256':
    case 'pbkdf2-sha512':
      return pbkdf2Text(data.algorithm === 'pbkdf2-sha256' ? 'sha256' : 'sha512', rounds, salt, digest);
    case 'argon2': {
      const [type, memory, lanes] = ['type', 'memory', 'parallelism'].map((name) => more?.[name]?.[0]);
      const version = more?.['version']?.[0] === '1.0' ? 16 : 19;
      const [saltText, digestText] = [secret.salt, secret.value].map((one) => one.replaceAll('=', ''));
      return `$argon2${type ?? 'id'}$v=${version}$m=${memory},t=${rounds},p=${lanes ?? 1}$${saltText}$${digestText}`;
    }
    default:
      // An extension writes bcrypt's own text here.
      return secret.value;
  }
}

const otpData = z.looseObject({
  subType: z.string().default('totp'),
  digits: z.number().int().default(6),
  period: z.number().int().default(30),
  algorithm: z.string().default('HmacSHA1'),
  secretEncoding: z.string().nullish(),
});

/** -> why an app can't be kept, or the app. */
function appOf(found: Credential): AppSecret | string {
  const secret = secretData.safeParse(parsed(found.secretData)).data;
  const data = otpData.safeParse(parsed(found.credentialData)).data;
  if (!secret || !data) return 'authenticator app with an unreadable secret';
  if (data.subType !== 'totp') return 'authenticator app that counts instead of looking at the time';
  const { digits, period, algorithm, secretEncoding } = data;
  // Without an encoding the characters themselves are the secret; the app was shown their base32.
  const encoding = secretEncoding === 'BASE32' ? 'base32' : 'text';
  return { secret: secret.value, encoding, digits, period, algorithm, label: found.userLabel };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
