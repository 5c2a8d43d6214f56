import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createMailSender } from '../../src/delivery/mail.ts';
import type { MailMessage } from '../../src/delivery/message.ts';
import { Undeliverable } from '../../src/delivery/sender.ts';
import { MINUTE, SECOND } from '../../src/kit/clock.ts';
import { type Smtp, startSmtp } from '../kit/smtp.ts';
import { ENGINES, openStage, type Stage } from './stage.ts';

const message: MailMessage = {
  to: { name: 'Ann Álvarez', address: 'ann@example.org' },
  subject: 'Two-factor authentication is on',
  text: 'Hello\n\nhttps://id.example.org/not-me?token=abc\n',
  html: '<p>Hello</p>',
};

function senderTo(
  smtpUrl: string,
  supportEmail: string | null = 'help@example.org',
  mailName: string | null = null,
) {
  return createMailSender({
    smtpUrl,
    mailFrom: 'no-reply@example.org',
    mailName,
    brand: 'Acme',
    supportEmail,
    baseUrl: 'https://id.example.org',
  });
}

const patient = () => AbortSignal.timeout(5_000);

let smtp: Smtp;
let stage: Stage | undefined;
afterEach(async () => {
  await smtp?.stop();
  await stage?.close();
  stage = undefined;
});

describe('one mail over SMTP', () => {
  test('has our sender, the stable Message-ID and asks for no automatic reply', async () => {
    smtp = await startSmtp();
    await senderTo(smtp.url).send(message, { id: '0123abcd', signal: patient() });
    const [mail] = smtp.received;
    expect(mail?.from?.value).toEqual([{ name: 'Acme', address: 'no-reply@example.org' }]);
    expect(mail?.replyTo?.value).toEqual([{ name: '', address: 'help@example.org' }]);
    expect(mail?.to).toMatchObject({ value: [{ name: 'Ann Álvarez', address: 'ann@example.org' }] });
    expect(mail?.messageId).toBe('<0123abcd@id.example.org>');
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.subject).toBe(message.subject);
    expect(mail?.text?.split('\n')).toContain('https://id.example.org/not-me?token=abc');
    expect(mail?.html).toBe('<p>Hello</p>');
  });

  test('is signed by the name that MAIL_FROM gives, where it gives one', async () => {
    smtp = await startSmtp();
    await senderTo(smtp.url, null, 'Acme, Inc.').send(message, { id: '1', signal: patient() });
    const [mail] = smtp.received;
    expect(mail?.from?.value).toEqual([{ name: 'Acme, Inc.', address: 'no-reply@example.org' }]);
  });

  test('R75: line breaks, commas and markup in names and subjects make neither headers nor recipients', async () => {
    const server = await bareServer();
    const names = [
      'Ann\r\nBcc: eve@evil.example',
      'Ann, eve@evil.example',
      'Ann <eve@evil.example>',
      'a\u2028b\u0000"c\\',
    ];
    for (const name of names) {
      const to = { name, address: 'ann@example.org' };
      const subject = `${name}\r\nX-Evil: yes\r\n\r\nbody`;
      await senderTo(server.url, null).send({ ...message, to, subject }, { id: 'x', signal: patient() });
    }
    expect(server.recipients).toEqual(names.map(() => ['ann@example.org']));
    for (const raw of server.raw) {
      const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
      expect(head).not.toMatch(/^(bcc|x-evil|cc):/im);
      expect(head.match(/^to:/gim)).toHaveLength(1);
    }
    await server.stop();
  });

  test('what is not one plain address is never sent to', async () => {
    smtp = await startSmtp();
    for (const address of [
      'a@b.example, c@d.example',
      'a@b.example\r\nRCPT TO:<c@d.example>',
      'a',
      '<a@b.example>',
      '',
    ]) {
      const sending = senderTo(smtp.url).send(
        { ...message, to: { name: '', address } },
        { id: 'x', signal: patient() },
      );
      await expect(sending).rejects.toBeInstanceOf(Undeliverable);
    }
    expect(smtp.received).toEqual([]);
  });

  test.each([
    ['RCPT TO', 550, '5.1.1 no such user', true],
    ['RCPT TO', 451, '4.7.1 greylisted', false],
    ['RCPT TO', 554, '5.7.1 relay access denied', false],
    ['DATA', 554, '5.6.0 not wanted', true],
    ['DATA', 452, '4.3.1 disk full', false],
    ['MAIL FROM', 550, '5.1.8 unknown sender', false],
  ] as const)('%s answered with %i %s: given up at once is %s', async (command, code, text, forGood) => {
    const server = await bareServer({ command, code, text });
    const error = await senderTo(server.url)
      .send(message, { id: 'x', signal: patient() })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(error instanceof Undeliverable).toBe(forGood);
    await server.stop();
  });

  test('a hanging server is left when the try has taken too long', async () => {
    smtp = await startSmtp();
    smtp.mode = 'hang';
    const begun = performance.now();
    const sending = senderTo(smtp.url).send(message, { id: 'x', signal: AbortSignal.timeout(200) });
    await expect(sending).rejects.not.toBeInstanceOf(Undeliverable);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  test('options that would print mails are not taken from SMTP_URL', async () => {
    smtp = await startSmtp();
    const printed: unknown[] = [];
    const { log, info, debug } = console;
    console.log = console.info = console.debug = (...words: unknown[]) => void printed.push(words);
    try {
      await senderTo(`${smtp.url}?logger=true&debug=true&transactionLog=true`).send(message, {
        id: 'x',
        signal: patient(),
      });
    } finally {
      Object.assign(console, { log, info, debug });
    }
    expect(smtp.received).toHaveLength(1);
    expect(printed).toEqual([]);
  });
});

describe.each(ENGINES)('A38 on %s', (engine) => {
  const queue = (on: Stage, outbox: ReturnType<Stage['outbox']>) =>
    on.database.transaction((tx) =>
      outbox.enqueue(tx, { channel: 'mail', kind: 'notice/two_factor_off', accountId: null, message }),
    );

  test('a server that refuses for ten minutes gets the mail once, at most two minutes after it is back', async () => {
    smtp = await startSmtp();
    const { port } = smtp;
    stage = await openStage(engine);
    const outbox = stage.outbox({ mail: senderTo(smtp.url) });
    await queue(stage, outbox);
    smtp.mode = 'refuse';
    for (let minute = 0; minute < 10; minute++) {
      // Half of the outage nobody listens at all.
      if (minute === 5) await smtp.stop();
      for (let step = 0; step < 6; step++) {
        await outbox.flush();
        stage.clock.advance(10 * SECOND);
      }
    }
    smtp = await startSmtp({ port });
    for (let waited = 0; waited < 2 * MINUTE; waited += 10 * SECOND) {
      await outbox.flush();
      stage.clock.advance(10 * SECOND);
    }
    expect(smtp.received).toHaveLength(1);
    const [row] = await stage.database.db.selectFrom('outbox').selectAll().execute();
    expect(smtp.received[0]?.messageId).toBe(`<${row?.id}@id.example.org>`);
  });

  test('a server that breaks off after the mail gets it again with the same Message-ID', async () => {
    smtp = await startSmtp();
    stage = await openStage(engine);
    const outbox = stage.outbox({ mail: senderTo(smtp.url) });
    await queue(stage, outbox);
    smtp.mode = 'drop-after-data';
    await outbox.flush();
    smtp.mode = 'accept';
    stage.clock.advance(5 * SECOND);
    await outbox.flush();
    expect(smtp.received).toHaveLength(2);
    expect(smtp.received[0]?.messageId).toBe(smtp.received[1]?.messageId);
  });
});

test('a server that hangs and comes back: the mail that hung is tried again', {
  timeout: 25_000,
}, async () => {
  smtp = await startSmtp();
  stage = await openStage('sqlite');
  const outbox = stage.outbox({ mail: senderTo(smtp.url) });
  smtp.mode = 'hang';
  await stage.database.transaction((tx) =>
    outbox.enqueue(tx, { channel: 'mail', kind: 'test', accountId: null, message }),
  );
  await outbox.flush();
  expect((await stage.database.db.selectFrom('outbox').selectAll().execute())[0]).toMatchObject({
    attempts: 1,
    sent_at: null,
    leased_by: null,
  });
  smtp.mode = 'accept';
  stage.clock.advance(5 * SECOND);
  await outbox.flush();
  expect(smtp.received).toHaveLength(1);
});

interface Refusal {
  readonly command: 'RCPT TO' | 'DATA' | 'MAIL FROM';
  readonly code: number;
  readonly text: string;
}

/** Keeps what came over the wire, and refuses one command. */
async function bareServer(refusal?: Refusal) {
  const raw: string[] = [];
  const recipients: string[][] = [];
  const answer = (command: Refusal['command'], next: (error?: Error) => void) => {
    if (refusal?.command !== command) return next();
    next(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 1,
    onMailFrom: (_address, _session, next) => answer('MAIL FROM', next),
    onRcptTo: (_address, _session, next) => answer('RCPT TO', next),
    onData: async (stream, session, next) => {
      raw.push((await buffer(stream)).toString('latin1'));
      recipients.push(session.envelope.rcptTo.map(({ address }) => address));
      answer('DATA', next);
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    raw,
    recipients,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
