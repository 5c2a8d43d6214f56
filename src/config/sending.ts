import { ConfigError, type Environment, secret } from '../kit/environment.ts';

// How mails and text messages go out, and who signs them.

export interface Sender {
  readonly mailFrom: string;
  /** Who signs mails; null: the brand. */
  readonly mailName: string | null;
}

export function readSmtpUrl(environment: Environment): string | null {
  const text = secret(environment, 'SMTP_URL');
  if (text === null) return null;
  if (!/^smtps?:\/\/.+/.test(text) || !URL.canParse(text)) {
    throw new ConfigError('SMTP_URL', 'takes smtp://USER:PASSWORD@HOST:PORT or smtps://…');
  }
  return text;
}

const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;

export function readAddress(environment: Environment, name: string): string | null {
  const text = environment[name];
  if (!text) return null;
  if (!ADDRESS.test(text)) {
    throw new ConfigError(name, `takes one e-mail address, not "${text}"`);
  }
  return text;
}

/** `id@example.org` or, as other servers write it, `Acme <id@example.org>`. */
export function readSender(environment: Environment, hostname: string): Sender {
  const text = environment['MAIL_FROM'];
  if (!text) return { mailFrom: `no-reply@${hostname}`, mailName: null };
  const named = /^(?:"([^"\p{Cc}]*)" ?|([^"<>,@\p{Cc}]*))<([^<>]+)>$/u.exec(text);
  const mailFrom = named?.[3] ?? text;
  if (!ADDRESS.test(mailFrom))
    throw new ConfigError('MAIL_FROM', `takes id@example.org or Name <id@example.org>, not "${text}"`);
  return { mailFrom, mailName: (named?.[1] ?? named?.[2] ?? '').trim() || null };
}

/** Unicode has names for these, but no number belongs to them: with one alone, nobody would get a message. */
const NO_COUNTRIES = new Set(['CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

export function readCountries(environment: Environment): readonly string[] {
  const text = environment['SMS_COUNTRIES'];
  if (!text) return [];
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const countries = text.split(',').map((part) => {
    const country = part.trim().toUpperCase();
    if (!/^[A-Z]{2}$/.test(country) || NO_COUNTRIES.has(country) || names.of(country) === undefined) {
      throw new ConfigError(
        'SMS_COUNTRIES',
        `takes a comma-separated list of two-letter country codes such as ES,PT, not "${part}"`,
      );
    }
    // UK is GB.
    return new Intl.Locale('und', { region: country }).region as string;
  });
  return [...new Set(countries)];
}
