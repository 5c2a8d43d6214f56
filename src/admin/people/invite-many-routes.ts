import type { Account } from '../../accounts/account.ts';
import { INVITATION_LIFETIME } from '../../accounts/create-account.ts';
import type { Deps } from '../../deps.ts';
import { listGroups } from '../../groups/store.ts';
import { Refusal, refuseField } from '../../kit/refusal.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { shapeOf } from '../../web/refusals.ts';
import { type Route, route, type Upload } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { readSmallForm } from '../../web/small-upload.ts';
import type { Visit } from '../../web/visit.ts';
import { refusalSentence } from '../../words/refusals.ts';
import { inviteMany, judgeList } from './invite-many.ts';
import { type InviteManyPage, inviteManyPage } from './invite-many-pages.ts';
import { MOST_ROWS } from './judge-rows.ts';
import { PEOPLE } from './people-pages.ts';
import { peopleWords } from './words.ts';

/** Of the whole list: 400 bytes a person. */
const MOST_BYTES = 400 * MOST_ROWS;

export function inviteManyRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const path = `${PEOPLE}/invite-many`;
  const { db } = deps.database;

  async function show(visit: Visit, account: Account, rest: Partial<InviteManyPage> = {}) {
    const named = rest.report?.fault === null ? await listGroups(db) : [];
    const groups = new Map(named.map(({ id, name }) => [id, name]));
    const limits = { lifetime: INVITATION_LIFETIME, mostRows: MOST_ROWS, mostText: MOST_BYTES };
    return inviteManyPage(site, visit, { account, ...limits, groups, ...rest });
  }

  return [
    route({
      method: 'GET',
      path,
      level,
      handle: async ({ visit, who: { account } }) => page(await show(visit, account)),
    }),
    route({
      method: 'POST',
      path,
      level,
      takes: 'upload',
      async handle({ visit, who, upload }) {
        const { text, confirmed } = await readList(upload);
        const refuse = async (rest: Partial<InviteManyPage>, status = 422) => {
          if (visit.wantsJson) throw refuseField('people', 'list_wrong');
          return page(await show(visit, who.account, { text: text ?? '', ...rest }), status);
        };
        if (text === null) return refuse({ error: peopleWords[visit.locale].many.encoding });
        if (!confirmed) {
          const report = await judgeList(db, text);
          if (report.fault !== null || report.wrong > 0) return refuse({ report });
          return page(await show(visit, who.account, { text, report }));
        }
        try {
          const report = await inviteMany(deps, visit, who, text);
          if (report) return refuse({ report });
        } catch (error) {
          if (visit.wantsJson || !(error instanceof Refusal) || shapeOf(error.code).status !== 409)
            throw error;
          return refuse({ error: refusalSentence(visit.locale, error, visit.requestId) }, 409);
        }
        return seeOther(PEOPLE, { cookies: [withNotice('people_invited')] });
      },
    }),
  ];
}

/** What was typed, or the file in its place; null for a file that is no text. @throws {Refusal} */
async function readList(upload: Upload): Promise<{ text: string | null; confirmed: boolean }> {
  const shape = { fields: ['people', 'confirmed'], files: ['file'], limit: MOST_BYTES };
  const { fields, files } = await readSmallForm(upload, shape);
  const typed = fields['people'] ?? '';
  const file = files['file'];
  const confirmed = fields['confirmed'] === 'on';
  if (!file || file.length === 0) return { text: typed, confirmed };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(file), confirmed };
  } catch {
    return { text: null, confirmed };
  }
}
