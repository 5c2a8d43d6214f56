import type { Deps } from '../deps.ts';
import type { Levels } from '../sessions/require.ts';
import type { Route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Locale } from '../words/locale.ts';
import type { AnswerMethod, FactorCare, FactorDoctor, FactorRow } from './factor.ts';
import { labelIn } from './label.ts';
import type { PasskeyDoor } from './passkey-door.ts';
import { recoveryCode } from './recovery-codes/recovery-code.ts';
import { recoveryCodeRoutes } from './recovery-codes/routes.ts';
import { noteCost } from './recovery-codes/store.ts';
import { smsCare } from './sms/care.ts';
import { phonesDoctor } from './sms/doctor.ts';
import { smsRoutes } from './sms/routes.ts';
import { sms } from './sms/sms.ts';
import { totpCare } from './totp/care.ts';
import { totpRoutes } from './totp/routes.ts';
import { totp } from './totp/totp.ts';
import { webauthnCare } from './webauthn/care.ts';
import { metadataDoctor } from './webauthn/metadata/doctor.ts';
import { keepMetadata } from './webauthn/metadata/refresh-metadata.ts';
import { passkeyDoor } from './webauthn/passkey.ts';
import { webauthnRoutes } from './webauthn/routes.ts';
import { webauthn } from './webauthn/webauthn.ts';

export interface Room {
  readonly method: AnswerMethod;
  /** None for recovery codes, which are no factor. */
  readonly care?: FactorCare;
  /** Where it can sign in alone, too. */
  readonly passkey?: PasskeyDoor;
  /** What it looks after once an hour. */
  readonly upkeep?: (deps: Deps) => Promise<void>;
  /** A line of the operator's `doctor`, beside a running server. */
  readonly doctor?: FactorDoctor;
  /** Enrolment and care under Account > Security. */
  readonly routes: (deps: Deps, site: Site, levels: Levels) => Route[];
}

/** Every way to answer at the second step: adding one is a folder and a line here. */
export const ROOMS: Room[] = [
  { method: totp, care: totpCare, routes: totpRoutes },
  { method: sms, care: smsCare, doctor: phonesDoctor, routes: smsRoutes },
  {
    method: webauthn,
    care: webauthnCare,
    passkey: passkeyDoor,
    upkeep: keepMetadata,
    doctor: metadataDoctor,
    routes: webauthnRoutes,
  },
  { method: recoveryCode, upkeep: noteCost, routes: recoveryCodeRoutes },
];

export function answerMethods(): readonly AnswerMethod[] {
  return ROOMS.map(({ method }) => method);
}

/** A recovery code: never a factor by itself, and never offered first. */
export function isSpare({ strength }: Pick<AnswerMethod, 'strength'>): boolean {
  return strength === 0;
}

export function methodOf(kind: string | null): AnswerMethod | null {
  return ROOMS.find(({ method }) => method.kind === kind)?.method ?? null;
}

/** In the order of the list. */
export function factorCare(): readonly FactorCare[] {
  return ROOMS.flatMap(({ care }) => care ?? []);
}

export function careOf(kind: string): FactorCare | null {
  return ROOMS.find(({ care }) => care?.kind === kind)?.care ?? null;
}

/** As its person reads it: with a name, where they gave none, in the language of the page. */
export function namedIn(locale: Locale, factor: FactorRow): FactorRow {
  const care = careOf(factor.kind);
  return care ? { ...factor, label: labelIn(locale, factor.label, care.name) } : factor;
}

export async function factorUpkeep(deps: Deps): Promise<void> {
  for (const { upkeep } of ROOMS) await upkeep?.(deps);
}

export function factorDoctors(): readonly FactorDoctor[] {
  return ROOMS.flatMap(({ doctor }) => doctor ?? []);
}

export function factorRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return ROOMS.flatMap(({ routes }) => routes(deps, site, levels));
}

/** The way in without a password. */
export function passkeys(): PasskeyDoor {
  const door = ROOMS.find(({ passkey }) => passkey)?.passkey;
  if (!door) throw new Error('no factor signs in alone');
  return door;
}
