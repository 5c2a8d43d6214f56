import { type Acr, higherAcr, meets as meetsAcr, type Session } from '../sessions/session.ts';

const ACRS: readonly string[] = ['pwd', 'mfa', 'phr'] satisfies Acr[];

/** What must be proven; `unknown`: only values that we don't have, so nobody can prove it. */
export type Demand = Acr | 'unknown';

/** One member of the claims parameter (OpenID Connect Core 5.5.1). */
export interface AskedClaim {
  readonly essential?: unknown;
  readonly value?: unknown;
  readonly values?: unknown;
}

/** The values of which one must be; null: any will do. What is written otherwise than the standard says, nobody can meet. */
export function namedIn({ value, values }: AskedClaim): readonly string[] | null {
  if (values === undefined && value === undefined) return null;
  const named = values === undefined ? [value] : Array.isArray(values) ? values : [];
  return named.filter((one): one is string => typeof one === 'string');
}

/**
 * The app's own rule, `acr_values` and an essential `acr` claim, all of which must be met (R64). Of several values in one
 * of them any will do.
 */
export function demandedAcr(
  own: Acr | null,
  acrValues: string | undefined,
  claim: AskedClaim | null,
): Demand {
  const demands: Demand[] = [own ?? 'pwd'];
  const asked = acrValues?.split(' ').filter((value) => value !== '') ?? [];
  if (asked.length > 0) demands.push(leastOf(asked));
  const named = claim?.essential === true ? namedIn(claim) : null;
  if (named) demands.push(leastOf(named));
  return demands.reduce((one, other) =>
    one === 'unknown' || other === 'unknown' ? 'unknown' : higherAcr(one, other),
  );
}

function leastOf(values: readonly string[]): Demand {
  const known = values.filter((value): value is Acr => ACRS.includes(value));
  return known.reduce<Demand>(
    (least, acr) => (least === 'unknown' || higherAcr(least, acr) === least ? acr : least),
    'unknown',
  );
}

/** Nothing meets what we do not know. */
export function meets(proven: Acr, demand: Demand): boolean {
  return demand !== 'unknown' && meetsAcr(proven, demand);
}

/** The last time that this session's person went through all steps: signing in, or confirming since (R65). */
export function authenticatedAt({
  created_at,
  step_up_at,
}: Pick<Session, 'created_at' | 'step_up_at'>): number {
  return Math.max(created_at, step_up_at ?? 0);
}

/** What still stands between a person and an app, in this order; null: nothing. */
export type Step = 'other-account' | 'select_account' | 'login' | 'entry' | 'proof' | 'consent';

export interface Request {
  readonly prompts: ReadonlySet<string>;
  /** Seconds. */
  readonly maxAge: number | null;
  /** Accounts that the app insists on, one of each list: by `id_token_hint`, or by a `sub` claim. */
  readonly subjects: readonly (readonly string[])[];
  readonly demand: Demand;
}

export interface Standing {
  readonly now: number;
  readonly accountId: string;
  readonly session: Pick<Session, 'acr' | 'created_at' | 'step_up_at'>;
  /** In one of the app's groups, or it has none. */
  readonly entitled: boolean;
  /** All that is asked for has been allowed before, and the app can be told from others. */
  readonly allowed: boolean;
  /** Named in answer to this request, or by signing in since it was made. */
  readonly chosen: boolean;
  /** Gone through all steps since this request was made. */
  readonly renewed: boolean;
  /** Allowed in this very request. */
  readonly consented: boolean;
}

export function missingStep(request: Request, standing: Standing): Step | null {
  const { prompts, maxAge, subjects, demand } = request;
  const { now, accountId, session, entitled, allowed, chosen, renewed, consented } = standing;
  if (subjects.some((accepted) => !accepted.includes(accountId))) return 'other-account';
  if (prompts.has('select_account') && !chosen) return 'select_account';
  const tooOld = maxAge !== null && now - authenticatedAt(session) > maxAge * 1000;
  if ((prompts.has('login') || tooOld) && !renewed) return 'login';
  if (!entitled) return 'entry';
  if (!meets(session.acr, demand)) return 'proof';
  if ((prompts.has('consent') || !allowed) && !consented) return 'consent';
  return null;
}
