import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopback } from '../config/listening.ts';
import { listMailbox } from '../delivery/mailbox.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { json, page } from '../web/answer.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { mailboxPage } from './pages.ts';

/** Local mode only, and only to this machine: the mails hold links that sign people up and reset passwords. */
export function mailboxRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  if (!deps.config.localMode) return [];
  return [
    route({
      method: 'GET',
      path: '/mailbox',
      level: levels.everyone,
      query: z.object({ format: z.any().optional() }),
      async handle({ visit, query }) {
        if (!isThisMachine(visit.network) || !isLocalName(visit.host)) throw new Refusal('not_found');
        await deps.outbox.flush();
        const entries = await listMailbox(deps);
        return query.format === 'json' ? json(entries) : page(mailboxPage(site, visit, entries));
      },
    }),
  ];
}

function isThisMachine(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/** A stranger's name that resolves to 127.0.0.1 makes a stranger's page same-origin with us (DNS rebinding). */
function isLocalName(host: string): boolean {
  const url = `http://${host}`;
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}
