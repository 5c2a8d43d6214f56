import { BadFile } from './newcomer.ts';

/** Names in another encoding would come in garbled, and nobody would see it before it is too late. */
export function notUtf8(): BadFile {
  return new BadFile('The file is not UTF-8: save it as UTF-8, or names would be garbled.');
}

/** Piece after piece, and once without one at the end; a mark at the very beginning is no text. @throws {BadFile} */
export function utf8Reader(): (piece?: Buffer) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return (piece) => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw notUtf8();
    }
  };
}
