import { expect, test } from 'vitest';
import { ENGINES } from '../kit/house.ts';
import { crashStorm } from './storm.ts';

test.each(ENGINES)(
  'A57: killed a few times under eight clients, on %s: nothing that was acknowledged is lost',
  {
    timeout: 180_000,
  },
  async (engine) => {
    const { problems, acknowledged, replays } = await crashStorm(engine, 8, 3);
    expect(problems).toEqual([]);
    expect(acknowledged).toBeGreaterThan(3);
    expect(replays).toBeGreaterThan(0);
  },
);
