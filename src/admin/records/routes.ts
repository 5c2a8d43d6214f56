import { Readable } from 'node:stream';
import { z } from 'zod';
import { readCheck, startCheck } from '../../audit/check.ts';
import { findLink, findRecord, findRecords } from '../../audit/find-records.ts';
import { record } from '../../audit/record.ts';
import type { Deps } from '../../deps.ts';
import { pause } from '../../kit/pause.ts';
import { Refusal } from '../../kit/refusal.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { json, page, seeOther } from '../../web/answer.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { CHECK, checkPage } from './check-pages.ts';
import { csvOf, jsonLinesOf } from './export-files.ts';
import { exactFilterFields, filterFields, readFilter } from './filter.ts';
import { detailNames, namesIn } from './names.ts';
import { RECORDS, recordsPage } from './pages.ts';
import { recordPage } from './record-pages.ts';

const PER_PAGE = 50;
/** Most chains are through by then, and the answer is the verdict. */
const PATIENCE_MS = 1_500;

const seqField = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export function recordRoutes(deps: Deps, site: Site, levels: AdministratorLevels): Route[] {
  const { db } = deps.database;
  return [
    route({
      method: 'GET',
      path: RECORDS,
      level: levels.administrator,
      query: filterFields.extend({ before: seqField.optional().catch(undefined) }),
      async handle({ visit, who: { account }, query: { before = null, ...typed } }) {
        const filter = await readFilter(db, typed, account.time_zone);
        const found = filter
          ? await findRecords(db, filter, { before, count: PER_PAGE })
          : { records: [], next: null };
        const names = await namesIn(db, found.records);
        const first = before === null;
        const unknownPerson = filter === null;
        return page(recordsPage(site, visit, { account, typed, unknownPerson, ...found, names, first }));
      },
    }),
    ...checkRoutes(deps, site, levels),
    exportRoute(deps, levels),
    route({
      method: 'GET',
      path: `${RECORDS}/:seq`,
      level: levels.administrator,
      async handle({ visit, who: { account }, params }) {
        const seq = seqField.safeParse(params['seq']);
        const found = seq.success ? await findRecord(db, seq.data) : null;
        if (!found) throw new Refusal('not_found');
        return page(
          recordPage(site, visit, {
            account,
            record: found,
            names: await namesIn(db, [found]),
            detailNames: await detailNames(db, found),
            link: await findLink(db, found.seq),
          }),
        );
      },
    }),
  ];
}

/** All that is so, as one file. It takes a fresh proof: whoever finds an open browser must not carry everything away. */
function exportRoute(deps: Deps, { steppedUpAdministrator: level }: AdministratorLevels): Route {
  const { db } = deps.database;
  return route({
    method: 'GET',
    path: `${RECORDS}/export`,
    level,
    query: exactFilterFields.extend({ format: z.enum(['csv', 'json']).default('csv') }),
    async handle({ visit, who: { account }, query: { format, ...typed } }) {
      const filter = await readFilter(db, typed, account.time_zone);
      if (!filter) throw new Refusal('not_found');
      const all = { person: null, event: null, outcome: null, network: null, from: null, until: null };
      const detail = { format, ...all, ...filter };
      await deps.database.transaction((tx) =>
        record(tx, visit, { event: 'audit.exported', subject: null, actor: account.pseudonym, detail }),
      );
      const day = new Date(visit.now).toISOString().slice(0, 10);
      const lines = format === 'csv' ? csvOf(db, filter, visit.locale) : jsonLinesOf(db, filter);
      return {
        status: 200,
        cookies: [],
        headers: {
          'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
          'content-disposition': `attachment; filename="records-${day}.${format === 'csv' ? 'csv' : 'jsonl'}"`,
        },
        body: Readable.from(lines),
      };
    },
  });
}

function checkRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const { db } = deps.database;
  return [
    route({
      method: 'GET',
      path: CHECK,
      level,
      async handle({ visit, who: { account } }) {
        const check = await readCheck(db, visit.now);
        if (visit.wantsJson)
          return json({ running: check?.state === 'running', done: check?.done ?? 0, all: check?.all ?? 0 });
        const names = check ? await namesIn(db, [{ subject: null, actor: check.by }]) : new Map();
        return page(checkPage(site, visit, { account, check, names }));
      },
    }),
    route({
      method: 'POST',
      path: CHECK,
      level,
      body: z.strictObject({}),
      async handle({ visit, who: { account } }) {
        const { finished } = await startCheck(deps, { place: visit, actor: account.pseudonym });
        await Promise.race([finished, pause(PATIENCE_MS)]);
        return seeOther(CHECK);
      },
    }),
  ];
}
