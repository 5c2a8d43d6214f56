import { CommandRefused } from './command.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder',
  EACCES: 'This user has no permission to use this file or folder',
  EPERM: 'This user has no permission to use this file or folder',
  EROFS: 'This folder cannot be written to',
  EISDIR: 'This is a folder, not a file',
  ENOTDIR: 'This is not a folder',
  ENOSPC: 'The disk is full',
};

/** A file that the operator named: -> a sentence in place of the system's error, or what it was. */
export function explainFile(error: unknown): unknown {
  const { code, path } = error as { code?: string; path?: string };
  const words = WORDS[code ?? ''];
  return words ? new CommandRefused('bad_file', `${words}${path ? `: ${path}` : ''}.`) : error;
}
