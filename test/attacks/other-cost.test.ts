import { describe, expect, test } from 'vitest';
import { refreshSpread } from '../../src/accounts/hash-spread.ts';
import { createPasswordHasher, type PasswordHasher } from '../../src/kit/password-hash.ts';
import { systemRandom } from '../../src/kit/random.ts';
import { ENGINES, type House } from '../kit/house.ts';
import { addPerson, PASSWORD } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const STRANGERS = 40;

/** What each wrong password is held against: `m=64,t=1,p=1`, or `today` where it is a hash of nobody's at today's cost. */
function watched(): { hasher: PasswordHasher; costs: string[] } {
  const hasher = createPasswordHasher({ m: 128, t: 2, p: 1 }, systemRandom);
  const costs: string[] = [];
  const { verify } = hasher;
  const watching: PasswordHasher = {
    ...hasher,
    verify(stored, password, standIn = null) {
      costs.push((stored ?? standIn)?.split('$')[3] ?? 'today');
      return verify(stored, password, standIn);
    },
  };
  return { hasher: watching, costs };
}

describe.each(ENGINES)('R55: after another ARGON2, on %s', (engine) => {
  const house = sharedHouse({ engine });

  async function knockAt(where: House, email: string) {
    const { status } = await where.browser().post('/sign-in', { email, password: `${PASSWORD}x` });
    expect(status).toBe(422);
  }

  test('a wrong password at an unknown address takes as long as at a known one, until everybody has signed in', async () => {
    const people = [];
    for (const name of ['ann', 'ben']) people.push(await addPerson(house, { email: `${name}@example.org` }));
    // What the first round of any server has noted long ago.
    await refreshSpread(house.app.deps);
    const { hasher, costs } = watched();
    const dearer = await house.twin(hasher);
    const strangers = Array.from({ length: STRANGERS }, (_, n) => `stranger${n}@example.org`);
    const hold = async (emails: readonly string[]) => {
      costs.length = 0;
      for (const email of emails) {
        await knockAt(dearer, email);
        house.clock.advance(60_000);
      }
      return [...costs];
    };
    // Not one differs, before anything else was looked at.
    expect(new Set(await hold(['ann@example.org', 'ben@example.org', ...strangers.slice(0, 5)]))).toEqual(
      new Set(['m=64,t=1,p=1']),
    );

    await dearer.browser().post('/sign-in', { email: 'ann@example.org', password: PASSWORD });
    await refreshSpread(dearer.app.deps);
    const half = (await hold(strangers)).filter((cost) => cost === 'm=64,t=1,p=1').length;
    expect(half).toBeGreaterThan(STRANGERS / 8);
    expect(half).toBeLessThan((STRANGERS * 7) / 8);

    await dearer.browser().post('/sign-in', { email: 'ben@example.org', password: PASSWORD });
    await refreshSpread(dearer.app.deps);
    expect(new Set(await hold(strangers.slice(0, 10)))).toEqual(new Set(['today']));
    expect(await hold(['ann@example.org'])).toEqual(['m=128,t=2,p=1']);
  });
});
