import { buffer } from 'node:stream/consumers';
import { type Call, CommandRefused } from './command.ts';

/**
 * A password from stdin, so that it stands in no shell history and no list of processes. One final line break is
 * dropped, since `echo` and editors add it; nothing else is: a space at the end may be meant (R4).
 * @throws {CommandRefused} invalid_input
 */
export async function readPassword(call: Call): Promise<string> {
  const { stdin } = call.world;
  if ((stdin as { isTTY?: boolean }).isTTY)
    call.remark('Type the password, then Enter and Ctrl-D. It is visible as you type.');
  const bytes = await buffer(stdin);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.replace(/\r?\n$/, '');
  } catch {
    throw new CommandRefused('invalid_input', 'password: The input is not UTF-8 text.');
  }
}
