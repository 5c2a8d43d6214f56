import type { Transporter } from 'nodemailer';
import type { MailMessage } from './message.ts';
import { oneLine } from './one-line.ts';
import { type Delivery, type MailSender, Undeliverable } from './sender.ts';

const CONNECT_MS = 10_000;
/** The outbox ends a try long before; this only frees a socket that nobody waits for. */
const SILENCE_MS = 60_000;

/** What would print mails, and the links in them, to the console, or change how deliveries are counted. */
const FORBIDDEN_OPTIONS = ['logger', 'debug', 'transactionLog', 'pool'];

export interface MailOptions {
  /** `smtp://USER:PASSWORD@HOST:PORT` or `smtps://…`; options such as `?tls.rejectUnauthorized=false` are nodemailer's. */
  readonly smtpUrl: string;
  readonly mailFrom: string;
  /** Null: the brand's. */
  readonly mailName: string | null;
  readonly brand: string;
  readonly supportEmail: string | null;
  readonly baseUrl: string;
}

/** Sends over SMTP, one connection a mail: nothing lingers, and a mail is never handed over twice behind our back. */
export function createMailSender(options: MailOptions): MailSender {
  const { brand, mailFrom, mailName, supportEmail } = options;
  const host = new URL(options.baseUrl).hostname.replace(/^\[|\]$/g, '');
  const from = { name: oneLine(mailName ?? brand), address: mailFrom };
  let transport: Promise<Transporter> | null = null;

  /** Loading nodemailer takes 160 ms: not at start, but with the first mail. */
  async function open(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      url: safeSmtpUrl(options.smtpUrl),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      dnsTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async function send(message: MailMessage, { id, signal }: Delivery): Promise<void> {
    const address = plainAddress(message.to.address);
    transport ??= open();
    const transporter = await transport;
    try {
      await transporter.sendMail({
        // Objects, never text that would be parsed again: a comma or line break in a name must not become an address.
        from,
        to: { name: oneLine(message.to.name), address },
        ...(supportEmail ? { replyTo: { name: '', address: supportEmail } } : {}),
        envelope: { from: mailFrom, to: address },
        subject: oneLine(message.subject, 200),
        text: message.text,
        html: message.html,
        messageId: `<${id}@${host}>`,
        // RFC 3834: no holiday replies, please.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        xMailer: false,
        signal,
      });
    } catch (error) {
      throw isForGood(error) ? new Undeliverable(String((error as Error).message), error) : error;
    }
  }

  return { send };
}

/** One mailbox and nothing more. @throws {Undeliverable} */
function plainAddress(address: string): string {
  if (!/^[^\s@<>,;:"\\()[\]\p{Cc}]+@[^\s@<>,;:"\\()[\]\p{Cc}]+$/u.test(address)) {
    throw new Undeliverable('not an address that mail can be sent to');
  }
  return address;
}

/**
 * The server refused this recipient or this message (RFC 5321 section 4.2.1). What it has against us (sender, sign-in,
 * or by policy, RFC 3463 X.7) the operator can mend, so that is tried again.
 */
function isForGood(error: unknown): boolean {
  const { permanent, command, response } = error as {
    permanent?: boolean;
    command?: string;
    response?: string;
  };
  if (permanent !== true || (command !== 'RCPT TO' && command !== 'DATA')) return false;
  return !/^\d{3}[ -]5\.7\.\d/.test(response ?? '');
}

/**
 * A password goes over the network only under TLS: otherwise whoever sits in between strips STARTTLS and reads it.
 * `?ignoreTLS=true` or `?requireTLS=false` say otherwise.
 */
export function safeSmtpUrl(smtpUrl: string): string {
  const url = new URL(smtpUrl);
  for (const name of FORBIDDEN_OPTIONS) url.searchParams.delete(name);
  const chosen = url.searchParams.has('requireTLS') || url.searchParams.has('ignoreTLS');
  const near = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname.toLowerCase());
  if (url.protocol === 'smtp:' && url.password && !near && !chosen)
    url.searchParams.set('requireTLS', 'true');
  return url.href;
}
