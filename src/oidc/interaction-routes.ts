import { z } from 'zod';
import { localeOf } from '../accounts/account.ts';
import { record } from '../audit/record.ts';
import { acrOf, type Client } from '../clients/client.ts';
import type { Deps } from '../deps.ts';
import { lackingFor } from '../factors/lacking.ts';
import { firstSetUp } from '../factors/ways-to-add.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import type { SignedIn } from '../sessions/session.ts';
import { endSession } from '../sessions/store.ts';
import { type Answer, forget, page, seeOther } from '../web/answer.ts';
import { withReturnTo } from '../web/return-to.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { rememberWay } from '../web/way-back.ts';
import { allowApp } from './allow-app.ts';
import { describeScopes } from './describe-scopes.ts';
import { complain } from './error-page.ts';
import { choose, decline, findOwnInteraction, finish, type Situation, situationOf } from './interaction.ts';
import {
  chooseAccountPage,
  consentPage,
  entryPage,
  otherAccountPage,
  proofPage,
} from './interaction-pages.ts';
import { PATHS } from './paths.ts';
import { claimsToAllow, readRequest, scopesToAllow } from './request.ts';

/** Told of like entering itself (R72), and as at a host behind a proxy. */
function notLetIn({ account }: SignedIn, { id }: Client) {
  return { event: 'app.signed_in', outcome: 'failure', subject: account, detail: { client: id } } as const;
}

/** Between an app's question and our answer: whatever its person still has to do. */
export function interactionRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  const path = `${PATHS.interaction}/:uid`;
  // Still a page of the app's sign-in: the language that it asked for counts here, where its person chose none.
  const level: typeof levels.signedIn = { ...levels.signedIn, localeOf: ({ account }) => localeOf(account) };

  async function look(visit: Visit, who: SignedIn, uid: string): Promise<Situation | null> {
    const interaction = await findOwnInteraction(deps, visit, uid);
    return interaction && situationOf(deps, visit, who, interaction);
  }

  const gone = (visit: Visit) => complain(site, visit, 'ended');
  const resume = (uid: string) => seeOther(`${PATHS.authorization}/${uid}`);

  async function show(visit: Visit, who: SignedIn, situation: Situation): Promise<Answer> {
    const { client, interaction, step } = situation;
    const here = `${PATHS.interaction}/${interaction.uid}`;
    const asking = { site, visit, account: who.account, client, here };
    switch (step) {
      case 'login':
        return seeOther(withReturnTo('/confirm', here));
      case 'other-account':
        return page(otherAccountPage(asking));
      case 'select_account':
        return page(chooseAccountPage(asking));
      case 'entry':
        await deps.database.transaction((tx) => record(tx, visit, notLetIn(who, client)));
        if (visit.wantsJson) throw new Refusal('app_closed');
        return page(entryPage(asking), 403);
      case 'proof': {
        const { demand } = readRequest(interaction.payload.params, acrOf(client, visit.now));
        const lacking = await lackingFor(deps, who.account, demand);
        if (lacking === 'confirm') return seeOther(withReturnTo('/confirm', here));
        const shown = proofPage(asking, lacking, await firstSetUp(deps, visit.locale));
        return page(shown, 200, { cookies: [rememberWay(here)] });
      }
      case 'consent': {
        const { params } = interaction.payload;
        const scopes = scopesToAllow(params);
        const may = await describeScopes(
          deps.database.db,
          visit.locale,
          who.account,
          scopes,
          claimsToAllow(params),
        );
        const { host, protocol } = new URL(params['redirect_uri'] ?? '');
        const offline = scopes.includes('offline_access');
        return page(consentPage(asking, { host: host || protocol, may, offline }));
      }
      case null:
        await finish(deps, who, interaction);
        return resume(interaction.uid);
    }
  }

  async function leave({ interaction, step }: Situation): Promise<Answer> {
    if (step === 'proof')
      await decline(
        deps,
        interaction,
        'unmet_authentication_requirements',
        'what is demanded was not proven',
      );
    else if (step === 'other-account')
      await decline(deps, interaction, 'login_required', 'another account is signed in');
    else if (step === 'entry')
      await decline(deps, interaction, 'access_denied', 'this account may not use the app');
    else await decline(deps, interaction, 'access_denied', 'the person did not allow it');
    return resume(interaction.uid);
  }

  /** The session here ends, so that somebody else can sign in for the app. */
  async function switchAccount(visit: Visit, who: SignedIn, here: string): Promise<Answer> {
    await deps.database.transaction(async (tx) => {
      await endSession(tx, deps.outbox, who.account.id, who.session.id);
      await record(tx, visit, { event: 'sign_out', subject: who.account });
    });
    return seeOther(withReturnTo('/sign-in', here), { cookies: forget('session') });
  }

  return [
    route({
      method: 'GET',
      path,
      level,
      async handle({ visit, who, params }) {
        const situation = await look(visit, who, params['uid'] ?? '');
        return situation ? show(visit, who, situation) : gone(visit);
      },
    }),
    route({
      method: 'POST',
      path,
      level,
      body: z.strictObject({
        decision: z.enum(['allow', 'leave', 'continue', 'switch'], 'malformed'),
        account: z.string().optional(),
      }),
      async handle({ visit, who, params, body }) {
        const situation = await look(visit, who, params['uid'] ?? '');
        if (!situation) return gone(visit);
        const { client, interaction, step } = situation;
        const here = `${PATHS.interaction}/${interaction.uid}`;
        if (body.decision === 'leave') return leave(situation);
        if (body.decision === 'switch') {
          if (step !== 'other-account' && step !== 'select_account') throw new Refusal('conflict');
          return switchAccount(visit, who, here);
        }
        // Something came between the page and its button, or somebody else signed in: the page says what.
        const shownTo = body.account ?? who.account.id;
        const asked = body.decision === 'allow' ? 'consent' : 'select_account';
        if (step !== asked || shownTo !== who.account.id) return seeOther(here);
        if (step === 'select_account') {
          await choose(deps, who, interaction);
          return seeOther(here);
        }
        await finish(deps, who, interaction, await allowApp(deps, visit, who, client, interaction));
        return resume(interaction.uid);
      },
    }),
  ];
}
