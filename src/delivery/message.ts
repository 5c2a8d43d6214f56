/** One mail, ready to send: rendered when it is queued, in the person's language, so that a retry says the same. */
export interface MailMessage {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One text message. */
export interface TextMessage {
  /** E.164 */
  readonly to: string;
  readonly text: string;
  /** Epoch milliseconds: afterwards the code in it is worth nothing, and it is no longer sent. */
  readonly expiresAt: number;
}

/**
 * Work that answers a request whose outcome must not show in the answer or its duration (R55): the request queues the
 * same row for every address, and what the address is known as is looked up afterwards.
 */
export interface Task {
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

/** What goes through the outbox, with the channel that carries it. */
export type Message =
  | { readonly channel: 'mail'; readonly message: MailMessage }
  | { readonly channel: 'sms'; readonly message: TextMessage }
  | { readonly channel: 'task'; readonly message: Task };
