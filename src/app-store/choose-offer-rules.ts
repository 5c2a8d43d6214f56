import type { Offer } from '../builds/app.ts';
import type { Platform } from '../builds/format-rules.ts';

export interface Arranged {
  /** The newest version for this system, in every kind of file that there is of it; empty: nothing runs here. */
  readonly recommended: readonly Offer[];
  /** The newest version for each other system. */
  readonly others: readonly Offer[];
  readonly earlier: readonly Offer[];
}

/** `offers`: what was published last first. What runs anywhere is recommended where nothing was made for the system itself. */
export function arrange(offers: readonly Offer[], system: Platform | null): Arranged {
  const newest = new Map<Platform, Offer>();
  for (const offer of offers) if (!newest.has(offer.platform)) newest.set(offer.platform, offer);
  const isCurrent = ({ platform, version }: Offer) => newest.get(platform)?.version === version;
  const chosen = system !== null && newest.has(system) ? system : 'any';
  const isRecommended = (offer: Offer) => isCurrent(offer) && offer.platform === chosen;
  return {
    recommended: offers.filter(isRecommended),
    others: offers.filter((offer) => isCurrent(offer) && !isRecommended(offer)),
    earlier: offers.filter((offer) => !isCurrent(offer)),
  };
}
