import { instant, type OwnData } from '../accounts/own-data.ts';
import { pause } from '../kit/pause.ts';
import { listEventsOf } from './store.ts';

const PAGE = 500;

/** All that the records tell of the person, newest first. */
export const activityData: OwnData = {
  name: 'activity',
  async read({ database }, { pseudonym }) {
    const all: unknown[] = [];
    for (let beforeSeq: number | undefined; ; ) {
      const from = beforeSeq === undefined ? {} : { beforeSeq };
      const events = await listEventsOf(database.db, pseudonym, { limit: PAGE, ...from });
      for (const { seq: _seq, subject: _subject, actor, at, ...event } of events)
        all.push({ at: instant(at), ...event, by: byWhom(actor, pseudonym) });
      beforeSeq = events.at(-1)?.seq;
      if (events.length < PAGE) return all;
      // Who signs in by a script has a hundred thousand of them: others have their turn in between.
      await pause(0);
    }
  },
};

/** Which administrator it was, is theirs. */
function byWhom(actor: string | null, pseudonym: string): string | null {
  if (actor === null || actor === 'operator' || actor === 'system') return actor;
  return actor === pseudonym ? 'you' : 'somebody else';
}
