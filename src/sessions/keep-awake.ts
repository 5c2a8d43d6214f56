import type { Deps } from '../deps.ts';
import type { Visit } from '../web/visit.ts';
import { type Session, touchAfter } from './session.ts';
import { touchSession } from './store.ts';

/**
 * For a request that takes longer than a session may idle: an upload over a slow line is a sign of life too. To be called with
 * every piece that comes in; now and then it is written down. The longest life of a session stays what it is (R52).
 */
export function keepAwake(
  { database, clock, config, log }: Pick<Deps, 'database' | 'clock' | 'config' | 'log'>,
  session: Session,
  { now, network }: Pick<Visit, 'now' | 'network'>,
): () => void {
  let last = now;
  return () => {
    const at = clock.now();
    if (at - last <= touchAfter(config.lifetimes) || at >= session.expires_at) return;
    last = at;
    database
      .transaction((tx) => touchSession(tx, session.id, at, network))
      .catch((error) => log.warn({ err: error }, 'a long upload could not be noted as a sign of life'));
  };
}
