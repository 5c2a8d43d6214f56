/** Something that can be lost in one go, and what it takes along. */
export interface Loss {
  /** `phone`, or the id of a key. */
  readonly carrier: string;
  /** Ids of the factors that go with it. */
  readonly gone: readonly string[];
  /** Ids of the factors that would still sign in. */
  readonly left: readonly string[];
}

/**
 * "What if I lose my phone?" (screen 8): every single loss that takes a factor along. A factor without a carrier lives in a
 * cloud and is lost with nothing.
 */
export function lossesOf(
  factors: readonly { readonly id: string; readonly carrier: string | null }[],
): readonly Loss[] {
  const carriers = [...new Set(factors.flatMap(({ carrier }) => carrier ?? []))];
  return carriers.map((carrier) => ({
    carrier,
    gone: factors.filter((one) => one.carrier === carrier).map(({ id }) => id),
    left: factors.filter((one) => one.carrier !== carrier).map(({ id }) => id),
  }));
}

/** How a loss would end: another method, recovery codes, the last code, or locked out. */
export type Outcome = 'other' | 'codes' | 'last-code' | 'locked-out';

export function outcomeOf({ left }: Loss, codesLeft: number): Outcome {
  if (left.length > 0) return 'other';
  if (codesLeft > 1) return 'codes';
  return codesLeft === 1 ? 'last-code' : 'locked-out';
}
