import type { Config } from '../config.ts';
import { describeFailure } from '../delivery/retry.ts';
import { Sick } from './check.ts';

const PATIENCE_MS = 8_000;

/** Greets the mail server and signs in to it, without sending anything. */
export async function lookAtMail({ smtpUrl, localMode, baseUrl, mailFrom }: Config): Promise<string> {
  if (smtpUrl === null) {
    return localMode ? `local mode: mails go to ${baseUrl}/mailbox` : 'no mail server';
  }
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: withSafePassword(smtpUrl),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    dnsTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
  const { hostname, port } = new URL(smtpUrl);
  const server = `${hostname}${port ? `:${port}` : ''}`;
  try {
    await transport.verify();
  } catch (error) {
    throw new Sick(`SMTP_URL: ${server} does not take mails: ${describeFailure(error)}`);
  } finally {
    transport.close();
  }
  return `${server} answers; mails come from ${mailFrom}`;
}

/** As `delivery/mail.ts` does: over a network, a password goes under TLS only. */
function withSafePassword(smtpUrl: string): string {
  const url = new URL(smtpUrl);
  for (const name of ['logger', 'debug', 'transactionLog', 'pool']) url.searchParams.delete(name);
  const chosen = url.searchParams.has('requireTLS') || url.searchParams.has('ignoreTLS');
  const near = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname.toLowerCase());
  if (url.protocol === 'smtp:' && url.password && !near && !chosen)
    url.searchParams.set('requireTLS', 'true');
  return url.href;
}
