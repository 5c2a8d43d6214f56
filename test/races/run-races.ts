import type { House } from '../kit/house.ts';
import type { Instance } from './instances.ts';
import type { Race } from './single-use.ts';

export interface Raced {
  readonly race: string;
  readonly where: string;
  readonly rounds: number;
  readonly requests: number;
  readonly winners: number;
  /** Rounds that nobody or more than one has won. */
  readonly wrong: number;
  /** Answers that say that something broke. */
  readonly faults: number;
  readonly seconds: number;
}

/** So many rounds; in each, everybody at once, in turn at each of the instances. */
export async function runRace(
  race: Race,
  house: House,
  { where, instances, rounds }: { where: string; instances: readonly Instance[]; rounds: number },
  beforeRound: () => void = () => {},
): Promise<Raced> {
  const start = performance.now();
  let [requests, winners, wrong, faults] = [0, 0, 0, 0];
  for (let round = 0; round < rounds; round++) {
    beforeRound();
    const racers = await race.begin(house);
    const all = await Promise.all(
      racers.map((racer, n) => racer(instances[(n + round) % instances.length] as Instance)),
    );
    const won = all.filter((sent) => race.won(sent)).length;
    requests += all.length;
    winners += won;
    if (won !== 1) wrong++;
    faults += all.filter(({ status }) => status >= 500).length;
  }
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  return { race: race.name, where, rounds, requests, winners, wrong, faults, seconds };
}
