import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/**
 * `refuse` answers every sender with `refusal`; `hang` says nothing any more, not even hello; `drop-after-data` takes
 * the whole mail and breaks the connection before it says so.
 */
export type SmtpMode = 'accept' | 'refuse' | 'hang' | 'drop-after-data';

export interface Smtp {
  readonly url: string;
  readonly port: number;
  /** In the order of arrival; with `drop-after-data` too, for there the server did get them. */
  readonly received: ParsedMail[];
  /** May be changed at any time; counts for connections that are open, too. */
  mode: SmtpMode;
  /** 4xx asks the sender to come back, 5xx not to. */
  refusal: { code: number; message: string };
  /** The first mail, past or to come, that the predicate holds for; rejects after `ms` (5000). */
  waitFor(predicate: (mail: ParsedMail) => boolean, ms?: number): Promise<ParsedMail>;
  /** Breaks what is open. `startSmtp({ port })` is then the same server, come back. */
  stop(): Promise<void>;
}

/** A real mail server on this machine. It takes any user and password, and offers no TLS. */
export async function startSmtp({ port = 0 }: { port?: number } = {}): Promise<Smtp> {
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();

  /** Lets the dialogue go on, refuses, or leaves it hanging. */
  const gate = (next: (error?: Error) => void): void => {
    if (smtp.mode === 'hang') return;
    const { code, message } = smtp.refusal;
    next(smtp.mode === 'refuse' ? Object.assign(new Error(message), { responseCode: code }) : undefined);
  };
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1,
    onAuth: ({ username }, _session, next) => next(null, { user: username }),
    onConnect: (_session, next) => {
      if (smtp.mode !== 'hang') next();
    },
    onMailFrom: (_address, _session, next) => gate(next),
    onRcptTo: (_address, _session, next) => gate(next),
    onData: async (stream, _session, next) => {
      const mail = await simpleParser(await buffer(stream));
      if (smtp.mode === 'accept' || smtp.mode === 'drop-after-data') {
        smtp.received.push(mail);
        for (const look of waiting) look();
      }
      if (smtp.mode === 'drop-after-data') for (const socket of sockets) socket.destroy();
      else gate(next);
    },
  });
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('error', () => {}); // of connections that break, as they are meant to
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');

  const bound = (server.server.address() as AddressInfo).port;
  const smtp: Smtp = {
    url: `smtp://127.0.0.1:${bound}`,
    port: bound,
    received: [],
    mode: 'accept',
    refusal: { code: 451, message: 'Try again later' },
    waitFor: (predicate, ms = 5000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const mail = smtp.received.find(predicate);
          if (!mail) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(mail);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          const subjects = smtp.received.map((mail) => mail.subject).join('; ');
          reject(new Error(`no such mail within ${ms} ms; there are ${smtp.received.length}: ${subjects}`));
        }, ms);
        waiting.add(look);
        look();
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return smtp;
}
