import { z } from 'zod';
import { findLink, type Link, linkData } from '../accounts/link.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { textField } from '../web/input.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { disownChange } from './disown-change.ts';
import { notMeDonePage, notMePage, undoPage } from './mail-link-pages.ts';
import { undoDeletion } from './undo-deletion.ts';
import { undoEmailChange } from './undo-email-change.ts';
import { undoReplacement } from './undo-replacement.ts';
import type { UndoPurpose } from './undo-store.ts';

/** What a link to `/undo` may be for. */
const UNDO = {
  'undo-email': { undo: undoEmailChange, done: 'email_restored', what: 'from' },
  'undo-replace': { undo: undoReplacement, done: 'factor_restored', what: 'label' },
  'undo-delete': { undo: undoDeletion, done: 'account_kept', what: 'nothing' },
} as const satisfies Record<UndoPurpose, unknown>;

const PURPOSES = Object.keys(UNDO) as UndoPurpose[];

/** A link from a mail, without sign-in: whoever can't sign in any more needs it most. */
export function mailLinkRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  const { db } = deps.database;
  const query = z.object({ token: z.string().catch('') });
  const body = z.strictObject({ token: textField() });

  async function undoable(token: string, now: number): Promise<{ link: Link; purpose: UndoPurpose }> {
    for (const purpose of PURPOSES) {
      const link = await findLink(db, purpose, token, now);
      if (link) return { link, purpose };
    }
    throw new Refusal('link_invalid');
  }

  async function disownable(token: string, now: number): Promise<Link> {
    const link = await findLink(db, 'not-me', token, now);
    if (!link) throw new Refusal('link_invalid');
    return link;
  }

  return [
    route({
      method: 'GET',
      path: '/undo',
      level: levels.everyone,
      query,
      async handle({ visit, query: { token } }) {
        const { link, purpose } = await undoable(token, visit.now);
        const what = linkData(link)[UNDO[purpose].what] ?? '';
        return page(undoPage(site, visit, { purpose, what, token }));
      },
    }),
    route({
      method: 'POST',
      path: '/undo',
      level: levels.everyone,
      body,
      async handle({ visit, body: { token } }) {
        const { link, purpose } = await undoable(token, visit.now);
        await UNDO[purpose].undo(deps, visit, link);
        return seeOther('/sign-in', { cookies: [withNotice(UNDO[purpose].done)] });
      },
    }),
    route({
      method: 'GET',
      path: '/not-me',
      level: levels.everyone,
      query,
      async handle({ visit, query: { token } }) {
        await disownable(token, visit.now);
        return page(notMePage(site, visit, token));
      },
    }),
    route({
      method: 'POST',
      path: '/not-me',
      level: levels.everyone,
      body,
      async handle({ visit, body: { token } }) {
        const done = await disownChange(deps, visit, await disownable(token, visit.now));
        return seeOther('/not-me/done', { cookies: [withNotice(done)] });
      },
    }),
    route({
      method: 'GET',
      path: '/not-me/done',
      level: levels.everyone,
      async handle({ visit }) {
        const { message, cookies } = takeNotice(visit);
        return page(notMeDonePage(site, visit, message), 200, { cookies });
      },
    }),
  ];
}
