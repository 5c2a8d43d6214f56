import type { Deps } from '../deps.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { complainAboutPassword } from './password-rules.ts';
import { complainAboutStrength } from './password-strength.ts';

/** Whose password it will be: nobody's is their own name or address (R2). */
export interface Chooser {
  readonly name: string;
  readonly email: string;
}

/**
 * The one way to a new password, on every surface: set-up, invitation, reset, change, the operator's command. Hashes it
 * when it is good enough; outside any transaction. `field` is the name of the form's field. -> PHC text
 * @throws {Refusal} invalid_input on `field`; malformed_request beyond 1,024 bytes (R1); busy
 */
export async function choosePassword(
  { config, hasher }: Pick<Deps, 'config' | 'hasher'>,
  { name, email }: Chooser,
  password: string,
  field = 'password',
): Promise<string> {
  const rules = {
    minLength: config.passwordMinLength,
    context: [config.brand, new URL(config.baseUrl).hostname, name, email],
  };
  const complaint = complainAboutPassword(password, rules) ?? (await complainAboutStrength(password, rules));
  if (complaint === 'password_too_long')
    throw new Refusal('malformed_request', { fields: { [field]: complaint } });
  if (complaint) throw refuseField(field, complaint);
  return hasher.hash(password);
}
