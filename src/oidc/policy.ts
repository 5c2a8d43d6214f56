import type { interactionPolicy, KoaContextWithOIDC } from 'oidc-provider';
import { mayEnter } from '../clients/store.ts';
import type { Deps } from '../deps.ts';
import type { Acr } from '../sessions/session.ts';
import { exchangeOf } from './exchange.ts';
import type { Library } from './library.ts';
import { isCovered, type Params, readRequest } from './request.ts';
import { missingStep, type Step } from './rules.ts';

/** Each step that may be missing, in the order of `Step`, with what an app hears of it that wants no page shown. */
const STEPS = [
  { name: 'select_account', error: 'account_selection_required', requestable: true },
  { name: 'login', error: 'login_required', requestable: true },
  { name: 'other-account', error: 'login_required', requestable: false },
  { name: 'entry', error: 'access_denied', requestable: false },
  { name: 'proof', error: 'interaction_required', requestable: false },
  { name: 'consent', error: 'consent_required', requestable: true },
] as const satisfies readonly { name: Step; error: string; requestable: boolean }[];

/** The library asks before every answer what is missing; the rule that says so is ours, and the pages use it too. */
export function policy(
  { database, clock }: Pick<Deps, 'database' | 'clock'>,
  { interactionPolicy: { Check, Prompt }, errors }: Library,
): interactionPolicy.Prompt[] {
  const known = new WeakMap<KoaContextWithOIDC, Promise<Step | null>>();

  function missing(ctx: KoaContextWithOIDC): Promise<Step | null> {
    const step = known.get(ctx) ?? look(ctx);
    known.set(ctx, step);
    return step;
  }

  async function look(ctx: KoaContextWithOIDC): Promise<Step | null> {
    const { who } = exchangeOf(ctx);
    const client = ctx.oidc.client!;
    const params = ctx.oidc.params as Params;
    const request = readRequest(params, client['acr'] as Acr);
    // Nobody can prove what we don't know.
    if (request.demand === 'unknown')
      throw new errors.UnmetAuthenticationRequirements('none of the requested acr values is offered here');
    if (!who) return 'login';
    return missingStep(request, {
      now: clock.now(),
      accountId: who.account.id,
      session: who.session,
      entitled: await mayEnter(database.db, client.clientId, who.account.id),
      allowed: isAllowed(ctx, params),
      chosen: ctx.oidc.result?.login !== undefined,
      renewed: ctx.oidc.result?.login !== undefined,
      consented: ctx.oidc.result?.consent !== undefined,
    });
  }

  return STEPS.map(
    ({ name, error, requestable }) =>
      new Prompt(
        { name, requestable },
        new Check('missing', `${name} is missing`, error, async (ctx) => (await missing(ctx)) === name),
      ),
  );
}

function isAllowed({ oidc }: KoaContextWithOIDC, params: Params): boolean {
  const { grant, client } = oidc;
  if (!grant || client?.applicationType === 'native') return false;
  return isCovered(params, { scope: grant.getOIDCScope(), claims: grant.getOIDCClaims().join(' ') });
}
