import { instant, type OwnData } from '../accounts/own-data.ts';
import { careOf } from './all.ts';
import { codesLeft } from './recovery-codes/store.ts';
import { listFactors } from './store.ts';

/** Names and times; of a phone's number the last two digits, as everywhere (R13). */
export const factorData = {
  name: 'second_step',
  async read(deps, { id }) {
    const { db } = deps.database;
    const factors = await listFactors(db, id);
    const codes = await codesLeft(db, id);
    return {
      factors: factors.map((factor) => ({
        kind: factor.kind,
        name: factor.label,
        detail: careOf(factor.kind)?.detail(deps, factor, 'en') ?? null,
        preferred: factor.preferred === 1,
        added_at: instant(factor.created_at),
        last_used_at: instant(factor.last_used_at),
        suspended_at: instant(factor.suspended_at),
      })),
      recovery_codes: codes && { left: codes.left, made_at: instant(codes.madeAt) },
    };
  },
} satisfies OwnData;
