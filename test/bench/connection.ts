import { connect, type Socket } from 'node:net';
import type { Request } from './requests.ts';

export interface Answer {
  status: number;
  /** Status line and header fields; read only what a story needs. */
  head: string;
  /** Empty unless the request reads it. */
  body: string;
}

const lengthField = /\r\ncontent-length: *(\d+)/i;

/**
 * One kept-alive HTTP/1.1 connection, one request at a time. node:http's client would cost as much as the server
 * under test on a machine of two cores; this one looks for the end of the head and counts the body.
 */
export class Connection {
  readonly #socket: Socket;
  #answered: ((answer: Answer | Error) => void) | null = null;
  #text = '';
  #answer: Answer | null = null;
  #missing = 0;
  #reads = false;
  #broken: Error | null = null;

  constructor(port: number) {
    const buffer = Buffer.allocUnsafe(65_536);
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      // Reads into one buffer of the connection's own, past the stream machinery.
      onread: {
        buffer,
        callback: (size) => {
          this.#read(buffer, size);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.#break(error));
    this.#socket.on('close', () => this.#break(new Error('the server closed the connection')));
  }

  /** Calls back with the whole answer, or with an error after which the connection is of no more use. */
  send(
    { text, reads = false }: Pick<Request, 'text' | 'reads'>,
    answered: (answer: Answer | Error) => void,
  ): void {
    if (this.#broken) {
      answered(this.#broken);
      return;
    }
    this.#answered = answered;
    this.#reads = reads;
    this.#socket.write(text, 'latin1');
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(buffer: Buffer, size: number): void {
    if (this.#answer) {
      this.#missing -= size;
      if (this.#reads) this.#answer.body += buffer.toString('latin1', 0, size);
    } else {
      this.#text += buffer.toString('latin1', 0, size);
      const end = this.#text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.#text.slice(0, end);
      const status = Number(head.slice(9, 12));
      const length = lengthField.exec(head)?.[1];
      if (length === undefined && status !== 204) {
        this.#break(new Error(`no content-length: ${head}`));
        return;
      }
      this.#answer = { status, head, body: this.#reads ? this.#text.slice(end + 4) : '' };
      this.#missing = Number(length ?? 0) - (this.#text.length - end - 4);
      this.#text = '';
    }
    if (this.#missing > 0) return;
    if (this.#missing < 0) this.#break(new Error('bytes after the end of an answer'));
    else this.#finish();
  }

  #finish(): void {
    const answer = this.#answer!;
    const answered = this.#answered;
    this.#answer = null;
    this.#answered = null;
    if (answered) answered(answer);
    else this.#break(new Error('an answer that nobody asked for'));
  }

  #break(error: Error): void {
    this.#broken ??= error;
    const answered = this.#answered;
    this.#answered = null;
    this.#socket.destroy();
    answered?.(error);
  }
}
