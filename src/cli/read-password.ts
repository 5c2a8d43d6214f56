import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CommandRefused } from './command.ts';

/**
 * A password from stdin, so that it stands in no shell history and no list of processes. One final line break is
 * dropped, since `echo` and editors add it; nothing else is: a space at the end may be meant (R4).
 * @throws {CommandRefused} invalid_input
 */
export async function readPassword(stdin: Readable): Promise<string> {
  const bytes = await buffer(stdin);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.replace(/\r?\n$/, '');
  } catch {
    throw new CommandRefused('invalid_input', 'The password on stdin is not UTF-8 text.');
  }
}
