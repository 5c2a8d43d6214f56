import { CommandRefused } from './command.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder',
  EACCES: 'This file or folder may not be used by this user',
  EPERM: 'This file or folder may not be used by this user',
  EROFS: 'This folder cannot be written to',
  EISDIR: 'This is a folder and no file',
  ENOTDIR: 'This is no folder',
  ENOSPC: 'The disk is full',
};

/** A file that the operator named: -> a sentence in place of the system's error, or what it was. */
export function explainFile(error: unknown): unknown {
  const { code, path } = error as { code?: string; path?: string };
  const words = WORDS[code ?? ''];
  return words ? new CommandRefused('bad_file', `${words}${path ? `: ${path}` : ''}.`) : error;
}
