/**
 * The answer, if it comes within so many milliseconds; else `late` is thrown, and whatever comes later is nobody's any
 * more. For what may say neither yes nor no for as long as TCP likes.
 */
export async function inTime<T>(
  answer: Promise<T>,
  milliseconds: number,
  late: (said: string) => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
