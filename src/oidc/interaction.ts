import { acrOf, type Client } from '../clients/client.ts';
import { findConsent } from '../clients/consent-store.ts';
import { findClient, mayEnter } from '../clients/store.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { Refusal } from '../kit/refusal.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';
import { type FoundInteraction, findInteraction, updateInteraction } from './interaction-store.ts';
import { isNative } from './metadata.ts';
import { beganHere } from './open-interactions.ts';
import { isCovered, readRequest } from './request.ts';
import { missingStep, type Step } from './rules.ts';

/** What an interaction came to, as the library reads it. */
interface Result {
  /** Which session went through all that was asked for. */
  readonly login?: { readonly accountId: string; readonly session: string };
  readonly consent?: { readonly grantId: string };
  /** The library looks for each prompt by its name. */
  readonly select_account?: Readonly<Record<never, never>>;
  readonly error?: string;
  readonly error_description?: string;
}

/** Null for one that began in another browser, is over, or never was: nobody learns which (R66). */
export async function findOwnInteraction(
  deps: Deps,
  visit: Visit,
  uid: string,
): Promise<FoundInteraction | null> {
  return beganHere(deps, visit, uid) ? findInteraction(deps.database.db, deps, uid, visit.now) : null;
}

/** True when there is a result, and this very session came to it. */
export function isResultOf({ payload }: FoundInteraction, { account, session }: SignedIn): boolean {
  const result = payload.result as Result | undefined;
  if (result?.error !== undefined) return true;
  return result?.login?.accountId === account.id && result.login.session === session.id;
}

export interface Situation {
  readonly client: Client;
  readonly interaction: FoundInteraction;
  /** Null: nothing is missing. */
  readonly step: Step | null;
}

/** What stands between this person and the app right now; the library asks the same rule once more at the end. */
export async function situationOf(
  deps: Deps,
  visit: Visit,
  who: SignedIn,
  interaction: FoundInteraction,
  { consented = false } = {},
): Promise<Situation | null> {
  const { db } = deps.database;
  const { account, session } = who;
  const client = await findClient(db, interaction.clientId);
  if (!client) return null;
  const { params } = interaction.payload;
  const consent = await findConsent(db, account.id, client.id);
  const step = missingStep(readRequest(params, acrOf(client, visit.now)), {
    now: visit.now,
    accountId: account.id,
    session,
    entitled: await mayEnter(db, client.id, account.id),
    allowed: !isNative(client) && consent !== null && isCovered(params, consent),
    chosen: interaction.payload.chosen === account.id || isSignedInSince(visit, who, interaction),
    renewed: isRenewed(visit, who, interaction),
    consented,
  });
  return { client, interaction, step };
}

function isSignedInSince(visit: Visit, { session }: SignedIn, interaction: FoundInteraction): boolean {
  return isOtherToken(visit, interaction) && session.created_at >= interaction.createdAt;
}

/** Not the one that the request came with. */
function isOtherToken({ cookies }: Visit, { sessionHash }: FoundInteraction): boolean {
  return tokenHash(cookies['session'] ?? '') !== sessionHash;
}

/**
 * Both steps were gone through since the request was made (R65): the session's token changed, as it does with every
 * sign-in and every step-up, and what was proven is not older than the request. A trusted browser proves no second step.
 */
function isRenewed(visit: Visit, { session }: SignedIn, interaction: FoundInteraction): boolean {
  const { step_up_at } = session;
  return isOtherToken(visit, interaction) && step_up_at !== null && step_up_at >= interaction.createdAt;
}

/** Whoever may use several accounts has said which (OpenID Connect Core 3.1.2.1, `select_account`). @throws {Refusal} conflict */
export async function choose(
  deps: Deps,
  { account }: SignedIn,
  { uid, payload }: FoundInteraction,
): Promise<void> {
  const kept = await deps.database.transaction((tx) =>
    updateInteraction(tx, deps, uid, { ...payload, chosen: account.id }),
  );
  if (!kept) throw new Refusal('conflict');
}

/**
 * The only way to a result that signs anybody in: from a session that is signed in fully, read on this request (R66).
 * @throws {Refusal} conflict where it was answered meanwhile
 */
export async function finish(
  deps: Deps,
  { account, session }: SignedIn,
  interaction: FoundInteraction,
  grantId: string | null = null,
): Promise<void> {
  const login = { accountId: account.id, session: session.id };
  await putResult(deps, interaction, {
    login,
    select_account: {},
    ...(grantId === null ? {} : { consent: { grantId } }),
  });
}

/** The app hears why its person does not come. */
export async function decline(
  deps: Deps,
  interaction: FoundInteraction,
  error: 'access_denied' | 'unmet_authentication_requirements' | 'login_required',
  description: string,
): Promise<void> {
  await putResult(deps, interaction, { error, error_description: description });
}

async function putResult(deps: Deps, interaction: FoundInteraction, result: Result): Promise<void> {
  // Which session it began in is of no account any more: signing in anew makes another one.
  const { session: _began, ...payload } = interaction.payload;
  const kept = await deps.database.transaction((tx) =>
    updateInteraction(tx, deps, interaction.uid, { ...payload, result }),
  );
  if (!kept) throw new Refusal('conflict');
}
