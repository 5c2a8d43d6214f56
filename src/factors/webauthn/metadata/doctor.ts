import { policyValue } from '../../../policy/values.ts';
import type { FactorDoctor } from '../../factor.ts';
import { currentMetadata } from './current-metadata.ts';
import { ageOf, staleAt } from './model-rules.ts';
import { MetadataRefused } from './read-metadata.ts';
import { dayOf } from './refresh-metadata.ts';

/** How old FIDO's list of models is, where new keys are judged by it (R23). */
export const metadataDoctor: FactorDoctor = {
  name: 'key_models',
  async look(deps, now) {
    if ((await policyValue(deps.database.db, 'key_models')) === 'any')
      return { ok: true, message: 'keys of any model may be added' };
    try {
      const found = await currentMetadata(deps, now);
      return found ? told(found.no, found.nextUpdateAt, now) : sick('it has not been fetched yet');
    } catch (error) {
      if (error instanceof MetadataRefused) return sick(error.message);
      throw error;
    }
  },
};

function told(no: number, nextUpdateAt: number, now: number) {
  const list = `FIDO's list of models, no. ${no}: the next one is due on ${dayOf(nextUpdateAt)}`;
  const age = ageOf(nextUpdateAt, now);
  if (age === 'stale') return sick(`${list}, and did not come`);
  if (age === 'late') {
    const message = `${list}, and has not come; without it, no new key is accepted from ${dayOf(staleAt(nextUpdateAt))} on`;
    return { ok: false, message };
  }
  return { ok: true, message: list };
}

function sick(why: string) {
  return { ok: false, message: `no new key is accepted, since its model can't be looked up: ${why}` };
}
