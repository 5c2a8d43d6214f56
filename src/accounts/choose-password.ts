import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { type FieldComplaint, Refusal, refuseField } from '../kit/refusal.ts';
import { policyValue } from '../policy/values.ts';
import { complainAboutPassword } from './password-rules.ts';
import { complainAboutStrength } from './password-strength.ts';

/** Whose password it will be: nobody's is their own name or address (R2). */
export interface Chooser {
  readonly name: string;
  readonly email: string;
}

/** Code points that a new password must have (R1): what the operator demands, or administrators beyond that. */
export async function minPasswordLength(
  { config, database }: Pick<Deps, 'config' | 'database'>,
  db: Db = database.db,
): Promise<number> {
  return Math.max(config.passwordMinLength, await policyValue(db, 'password_min_length'));
}

/**
 * What is wrong with a new password, on every surface: set-up, invitation, reset, change, the operator's command. Hashes
 * nothing. `field` is the name of the form's field. null: it is good enough.
 * @throws {Refusal} malformed_request beyond 1,024 bytes (R1); busy
 */
export async function complainAboutNew(
  deps: Pick<Deps, 'config' | 'database'>,
  { name, email }: Chooser,
  password: string,
  field = 'password',
): Promise<FieldComplaint | null> {
  const { config } = deps;
  const rules = {
    minLength: await minPasswordLength(deps),
    context: [config.brand, new URL(config.baseUrl).hostname, name, email],
    whose: email,
  };
  const complaint = complainAboutPassword(password, rules) ?? (await complainAboutStrength(password, rules));
  if (complaint === 'password_too_long')
    throw new Refusal('malformed_request', { fields: { [field]: complaint } });
  return complaint;
}

/**
 * For a password that stands alone: its hash, made outside any transaction. A form with more fields collects its
 * complaints first. -> PHC text
 * @throws {Refusal} invalid_input on `password`; malformed_request beyond 1,024 bytes (R1); busy
 */
export async function choosePassword(
  deps: Pick<Deps, 'config' | 'database' | 'hasher'>,
  chooser: Chooser,
  password: string,
): Promise<string> {
  const complaint = await complainAboutNew(deps, chooser, password);
  if (complaint) throw refuseField('password', complaint);
  return deps.hasher.hash(password);
}
