import { sql } from 'kysely';
import { counted } from '../../kit/counted.ts';
import type { FactorDoctor } from '../factor.ts';

/** Whom the operator leaves without codes by leaving out SMS_URL (R13): their phones stay, and answer nothing. */
export const phonesDoctor: FactorDoctor = {
  name: 'phones',
  async look({ config, database: { db } }) {
    const { rows } = await sql<{ all: number; alone: number }>`select count(*) as "all",
      sum(case when exists (select 1 from factor as other where other.account_id = factor.account_id
        and other.kind <> 'sms' and other.suspended_at is null) then 0 else 1 end) as alone
      from factor join account on account.id = factor.account_id
      where factor.kind = 'sms' and factor.suspended_at is null and account.suspended_at is null`.execute(db);
    const [all, alone] = [Number(rows[0]?.all ?? 0), Number(rows[0]?.alone ?? 0)];
    if (all === 0) return { ok: true, message: 'nobody gets codes by text message' };
    const people = counted(all, 'person', 'people');
    if (config.textMessages) return { ok: true, message: `${people} can get codes by text message` };
    const rest = alone === 0 ? 'all have another method' : `${alone} of them only recovery codes besides`;
    return {
      ok: false,
      message: `${people} would get codes by text message, and get none since SMS_URL is not set: ${rest}`,
    };
  },
};
