import { z } from 'zod';
import type { Html } from '../kit/html.ts';
import type { Refusal } from '../kit/refusal.ts';
import { ruledText } from '../web/input.ts';
import { type Complaints, told } from '../web/refused-form.ts';
import type { Visit } from '../web/visit.ts';

/** What is no token is a link that doesn't work, and not a malformed request. */
export const tokenField: z.ZodType<string> = z
  .any()
  .optional()
  .transform((value) => (typeof value === 'string' ? value : ''));

export const tokenQuery = z.object({ token: tokenField });

/** As long as a body may be: its rule says what is too long, and nothing cuts it (R1). */
export const newPasswordField = ruledText(65_536);

/**
 * The form again, with the complaints beside their fields where they have one, else above. A link that doesn't work has
 * no form to go back to. @throws {Refusal} link_invalid, link_other_browser
 */
export function formAgain(
  visit: Visit,
  refusal: Refusal,
  minLength: number,
  show: (complaints: Complaints) => Html,
): Html {
  if (refusal.code === 'link_invalid' || refusal.code === 'link_other_browser') throw refusal;
  return show(told(visit, refusal, minLength));
}
