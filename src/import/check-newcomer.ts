import type { Role } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { readName } from '../accounts/create-account.ts';
import { groupName } from '../groups/name.ts';
import { asStored, readForeignHash } from '../kit/foreign-hash.ts';
import { isLocale, type Locale } from '../words/locale.ts';
import { readAppSecret } from './app-secret.ts';
import type { Newcomer } from './newcomer.ts';

/** A newcomer whose row is in order. */
export interface Checked {
  readonly place: string;
  readonly address: string;
  readonly addressKey: string;
  readonly name: string;
  readonly proven: boolean;
  readonly suspended: boolean;
  readonly locale: Locale | null;
  /** As it is stored; null: the person chooses one. */
  readonly passwordHash: string | null;
  readonly apps: readonly { readonly secret: Buffer; readonly label: string }[];
  readonly roles: readonly Role[];
  readonly groups: readonly { readonly name: string; readonly key: string }[];
  readonly notKept: readonly string[];
}

export interface Allowances {
  /** The operator said so: `admin` never comes in because a file says it. */
  readonly administrators: boolean;
  /** Of one account (`factors/totp/care.ts`). */
  readonly mostApps: number;
}

const ROLES: readonly Role[] = ['admin', 'publisher', 'member'];

/** -> the newcomer, or everything that is wrong with the row. */
export function checkNewcomer(newcomer: Newcomer, allowed: Allowances): Checked | readonly string[] {
  const address = readAddress(newcomer.email);
  const name = readName(newcomer.name);
  const hash = newcomer.password === null ? null : readForeignHash(newcomer.password);
  const groups = newcomer.groups.map((text) => ({ text, read: groupName(text) }));
  const apps = newcomer.apps.map((app) => ({ label: app.label, secret: readAppSecret(app) }));
  const problems = [
    ...(newcomer.email === '' ? ['there is no e-mail address'] : []),
    ...(newcomer.email !== '' && !address ? [`“${shown(newcomer.email)}” is not an e-mail address`] : []),
    ...(name === null ? [`“${shown(newcomer.name)}” can’t be a name`] : []),
    ...(hash === 'unknown' ? ['the password hash is of an unknown kind'] : []),
    ...(hash === 'too_dear' ? ['the password hash takes too much time or memory to check'] : []),
    ...(apps.some(({ secret }) => secret === null)
      ? ['the secret of the authenticator app can’t be read']
      : []),
    ...newcomer.roles.flatMap((role) => complainAboutRole(role, allowed) ?? []),
    ...groups.flatMap(({ text, read }) => (read ? [] : [`“${shown(text)}” can’t be the name of a group`])),
  ];
  if (problems.length > 0 || !address || name === null) return problems;
  const usable = apps.flatMap(({ label, secret }) => (Buffer.isBuffer(secret) ? [{ label, secret }] : []));
  // R47: whoever never proved the address may be somebody else, whose app must not become the owner's.
  const kept = newcomer.proven ? usable.slice(0, allowed.mostApps) : [];
  const why = newcomer.proven
    ? 'one authenticator app too many'
    : 'authenticator app, because the address is not proven';
  return {
    place: newcomer.place,
    address: address.address,
    addressKey: address.key,
    name,
    proven: newcomer.proven,
    suspended: newcomer.suspended,
    locale: localeOf(newcomer.locale),
    passwordHash: newcomer.password === null ? null : asStored(newcomer.password),
    apps: kept,
    roles: ROLES.filter((role) => newcomer.roles.includes(role)),
    groups: [...new Map(groups.flatMap(({ read }) => (read ? [[read.key, read] as const] : []))).values()],
    notKept: [
      ...newcomer.notKept,
      ...apps.flatMap(({ secret }) => (typeof secret === 'string' ? [secret] : [])),
      ...usable.slice(kept.length).map(() => why),
    ],
  };
}

function complainAboutRole(role: string, { administrators }: Allowances): string | null {
  if (!ROLES.includes(role as Role))
    return `there is no role “${shown(role)}”: use admin, publisher or member`;
  return role === 'admin' && !administrators
    ? 'makes an administrator: add --with-administrators if you mean that'
    : null;
}

function localeOf(text: string): Locale | null {
  const language = text.toLowerCase().split(/[-_]/)[0] ?? '';
  return isLocale(language) ? language : null;
}

/** A file may hold anything; the terminal gets a line of it. */
export function shown(text: string): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '�');
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
}
