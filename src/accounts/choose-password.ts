import type { Deps } from '../deps.ts';
import { type FieldComplaint, Refusal, refuseField } from '../kit/refusal.ts';
import { complainAboutPassword } from './password-rules.ts';
import { complainAboutStrength } from './password-strength.ts';

/** Whose password it will be: nobody's is their own name or address (R2). */
export interface Chooser {
  readonly name: string;
  readonly email: string;
}

/**
 * What is wrong with a new password, on every surface: set-up, invitation, reset, change, the operator's command. Hashes
 * nothing. `field` is the name of the form's field. null: it is good enough.
 * @throws {Refusal} malformed_request beyond 1,024 bytes (R1); busy
 */
export async function complainAboutNew(
  { config }: Pick<Deps, 'config'>,
  { name, email }: Chooser,
  password: string,
  field = 'password',
): Promise<FieldComplaint | null> {
  const rules = {
    minLength: config.passwordMinLength,
    context: [config.brand, new URL(config.baseUrl).hostname, name, email],
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
  deps: Pick<Deps, 'config' | 'hasher'>,
  chooser: Chooser,
  password: string,
): Promise<string> {
  const complaint = await complainAboutNew(deps, chooser, password);
  if (complaint) throw refuseField('password', complaint);
  return deps.hasher.hash(password);
}
