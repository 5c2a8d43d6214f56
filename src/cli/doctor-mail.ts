import type { Config } from '../config.ts';
import { safeSmtpUrl } from '../delivery/mail.ts';
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
    url: safeSmtpUrl(smtpUrl),
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
    throw new Sick(`SMTP_URL: ${server} does not accept mails: ${describeFailure(error)}`);
  } finally {
    transport.close();
  }
  return `${server} answers; mails come from ${mailFrom}`;
}
