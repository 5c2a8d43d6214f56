import { instant, type OwnData } from '../accounts/own-data.ts';
import { pause } from '../kit/pause.ts';
import { listEventsOf } from './store.ts';

const PAGE = 500;

/** All that the records tell of the person, newest first. */
export const activityData = {
  name: 'activity',
  async *pages({ database }, { pseudonym }) {
    for (let beforeSeq: number | undefined; ; ) {
      const from = beforeSeq === undefined ? {} : { beforeSeq };
      const events = await listEventsOf(database.db, pseudonym, { limit: PAGE, ...from });
      yield events.map(({ seq: _seq, subject: _subject, actor, at, ...event }) => ({
        at: instant(at),
        ...event,
        by: byWhom(actor, pseudonym),
      }));
      beforeSeq = events.at(-1)?.seq;
      if (events.length < PAGE) return;
      // Who signs in by a script has a hundred thousand of them: others have their turn in between.
      await pause(0);
    }
  },
} satisfies OwnData;

/** Which administrator it was, is theirs. */
function byWhom(actor: string | null, pseudonym: string): string | null {
  if (actor === null || actor === 'operator' || actor === 'system') return actor;
  return actor === pseudonym ? 'you' : 'somebody else';
}
