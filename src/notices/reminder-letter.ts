import type { Account } from '../accounts/account.ts';
import { letter } from '../delivery/letter.ts';
import type { MailMessage } from '../delivery/message.ts';
import type { Deps } from '../deps.ts';
import { formatDay, formatInstant } from '../words/dates.ts';
import type { Locale, Words } from '../words/locale.ts';
import { en, type ReminderWords } from './reminder-words.en.ts';
import { es } from './reminder-words.es.ts';

const words: Words<ReminderWords> = { en, es };

/** Of a rule that demands a second factor `from` an instant on, to somebody who has none. The dates are in their zone. */
export function reminderLetter(
  config: Deps['config'],
  { name, time_zone }: Pick<Account, 'name' | 'time_zone'>,
  { locale, from, now }: { locale: Locale; from: number; now: number },
): Omit<MailMessage, 'to'> {
  const w = words[locale];
  const paragraphs =
    from <= now ? w.bodyNow(config.brand) : w.body(config.brand, formatInstant(from, locale, time_zone));
  return letter(config, {
    locale,
    name,
    subject: w.subject(formatDay(from, locale, time_zone)),
    paragraphs,
    action: { lead: w.lead, label: w.label, url: `${config.baseUrl}/account/security` },
  });
}
