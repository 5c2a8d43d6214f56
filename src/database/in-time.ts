import { DatabaseAway } from './database-away.ts';

/**
 * The answer, if it comes within so many milliseconds. A server that is stopped, or a network that swallows packets, says
 * neither yes nor no, for as long as TCP likes, and who asks would hang with it (R84).
 * @throws {DatabaseAway} after that; whatever comes later is nobody's any more
 */
export async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const over = () => reject(new DatabaseAway(new Error(`no answer within ${milliseconds} ms`)));
    timer = setTimeout(over, milliseconds);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
