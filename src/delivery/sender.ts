import type { MailMessage, TextMessage } from './message.ts';

/** One try to deliver one parcel. */
export interface Delivery {
  /** The parcel's own id, the same at every try: the Message-ID, so that a doubled mail is shown once (R74). */
  readonly id: string;
  /** Ends the try: a server that hangs counts as one that failed. */
  readonly signal: AbortSignal;
}

export interface MailSender {
  /** Resolves when the next server has taken the mail. @throws {Undeliverable} when trying again is pointless */
  send(message: MailMessage, delivery: Delivery): Promise<void>;
}

export interface TextSender {
  /** Resolves when the gateway has taken the message. @throws {Undeliverable} when trying again is pointless */
  send(message: TextMessage, delivery: Delivery): Promise<void>;
}

/** Refused for good: there is no such mailbox. Any other error is tried again. */
export class Undeliverable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'Undeliverable';
  }
}
