import { type Account, localeOf } from '../accounts/account.ts';
import { letter } from '../delivery/letter.ts';
import type { MailMessage } from '../delivery/message.ts';
import type { Deps } from '../deps.ts';
import { formatInstant } from '../words/dates.ts';
import type { Words } from '../words/locale.ts';
import { en, type RestoredWords } from './words.en.ts';
import { es } from './words.es.ts';

const words: Words<RestoredWords> = { en, es };

/** What a restore means for one person, and what to do about it. `madeAt`: what the house went back to. */
export function restoredLetter(
  config: Deps['config'],
  account: Pick<Account, 'name' | 'locale' | 'time_zone'>,
  { madeAt, lostCodes }: { readonly madeAt: number; readonly lostCodes: boolean },
): Omit<MailMessage, 'to'> {
  const locale = localeOf(account) ?? 'en';
  const w = words[locale];
  return letter(config, {
    locale,
    subject: w.subject(config.brand),
    name: account.name,
    paragraphs: [
      ...w.body(config.brand, formatInstant(madeAt, locale, account.time_zone)),
      ...(lostCodes ? [w.codes] : []),
      w.again,
    ],
    action: {
      lead: lostCodes ? w.leadWithCodes : w.lead,
      label: w.label,
      url: `${config.baseUrl}/account/security`,
    },
  });
}
