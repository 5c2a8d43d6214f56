/**
 * Somebody else who waits from now on. -> how often they have had their turn. Of two timers of one length the older one
 * comes first, so that whoever makes a pause of no length lets them in for certain, however busy the machine is.
 */
export function somebodyWaits(): () => number {
  let turns = 0;
  setTimeout(() => turns++, 0);
  return () => turns;
}
