import { z } from 'zod';
import type { Deps } from '../../deps.ts';
import type { Refusal } from '../../kit/refusal.ts';
import type { Levels } from '../../sessions/require.ts';
import type { SignedIn } from '../../sessions/session.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { idField } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { proposedCodesPage } from './pages.ts';
import { proposeCodes, useProposedCodes } from './regenerate.ts';

export function recoveryCodeRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  async function show(visit: Visit, who: SignedIn, refusal: Refusal | null) {
    const proposed = await proposeCodes(deps, who);
    return proposedCodesPage(site, visit, who.account, { ...proposed, error: told(visit, refusal).error });
  }

  return [
    route({
      method: 'GET',
      path: '/account/security/recovery-codes',
      level: levels.steppedUp,
      handle: async ({ visit, who }) => page(await show(visit, who, null)),
    }),
    route({
      method: 'POST',
      path: '/account/security/recovery-codes',
      level: levels.steppedUp,
      body: z.strictObject({ set: idField.optional() }),
      async handle({ visit, who, body }) {
        await useProposedCodes(deps, visit, who, body.set);
        return seeOther('/account/security', { cookies: [withNotice('codes_regenerated')] });
      },
      mistake: ({ visit, who }, refusal) => show(visit, who, refusal),
    }),
  ];
}
