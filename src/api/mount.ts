import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { json } from '../web/answer.ts';
import { readUpload, type SentFile } from '../web/multipart.ts';
import { type Route, route } from '../web/route.ts';
import { bearerLevel } from './level.ts';
import type { Operation } from './operation.ts';
import { readParts } from './read.ts';

export const API = '/api/v1';

/** Of whatever version: who asks for one that there isn't is a program too. */
export const isApi = (path: string): boolean => path.startsWith('/api/');

/** What takes nothing refuses what is sent all the same, as everywhere (R71). */
const NOTHING = z.strictObject({});

/** An operation as a route of the server: its schemas check the input, its scope is the level. */
export function mountOperation(deps: Deps, operation: Operation): Route {
  const { method, path, scope, params, query, body, upload = false, result, status = 200, makes } = operation;
  return route({
    method,
    path: API + path.replace(/\{(\w+)\}/g, ':$1'),
    level: bearerLevel(deps, scope),
    takes: upload ? 'upload' : 'json',
    crossSite: true,
    // Read below, where what is wrong is told with its place.
    body: z.unknown(),
    query: z.unknown(),
    async handle(call) {
      const { visit, who } = call;
      const run = async (sent: unknown, file: SentFile | null) => {
        const read = readParts(
          { path: params, query: query ?? NOTHING, body: body ?? NOTHING.optional() },
          { path: call.params, query: call.query, body: sent },
        );
        return operation.handle({
          visit,
          program: who,
          by: { place: visit, actor: `client:${who.clientId}` },
          doneBy: nameInMails(who.name),
          params: read.path,
          query: read.query,
          body: read.body,
          file,
        });
      };
      const answer = upload ? await readUpload(call.upload, run) : await run(call.body, null);
      if (!result) return { status: 204, cookies: [], headers: {}, body: null };
      if (!makes) return json(answer, status);
      const made = (answer as Readonly<Record<string, string>>)[makes];
      return json(answer, status, { location: `${visit.path}/${made}` });
    },
  });
}

/** By these words mails mean somebody else: a program of that name must not pass for them. */
const MEANT_OTHERWISE = ['self', 'operator', 'administrator'];

const nameInMails = (name: string): string => (MEANT_OTHERWISE.includes(name) ? `“${name}”` : name);
