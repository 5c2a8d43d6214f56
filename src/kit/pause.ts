/** Waits without holding anything. Milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Asks again while the answer is "crowded": others' tries are being decided right now. Null when that took longer
 * than `patience` milliseconds of this machine's time.
 */
export async function whileCrowded<T extends { kind: string }>(
  ask: () => Promise<T>,
  patience = 10_000,
): Promise<Exclude<T, { kind: 'crowded' }> | null> {
  const end = performance.now() + patience;
  for (let wait = 5; performance.now() < end; wait = Math.min(wait * 2, 80)) {
    const answer = await ask();
    if (answer.kind !== 'crowded') return answer as Exclude<T, { kind: 'crowded' }>;
    await pause(wait);
  }
  return null;
}
