import { ManualClock } from './clock.ts';
import { type House, type HouseOptions, openHouse } from './house.ts';
import { freePort } from './server-process.ts';

/** A house that other programs can reach: on a port, with the time of day. */
export async function openListeningHouse({ env = {}, ...options }: HouseOptions = {}): Promise<House> {
  const port = await freePort();
  const BASE_URL = `http://localhost:${port}`;
  const clock = options.clock ?? new ManualClock(Date.now());
  const house = await openHouse({ ...options, clock, env: { ...env, BASE_URL } });
  await house.app.server.listen({ port, host: '127.0.0.1' });
  return house;
}
