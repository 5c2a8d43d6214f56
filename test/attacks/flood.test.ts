import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { LOOK_EVERY, MOST_OPEN } from '../../src/oidc/interaction-store.ts';
import { HOUR, somebody } from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword } from '../kit/people.ts';
import { ask, openRelyingParty, registerApp } from '../kit/relying-party.ts';
import { sharedHouse } from '../kit/shared-house.ts';

// What anybody may ask for without having signed in is written down: it must not fill the disk.

describe.each(ENGINES)('R83: a flood of sign-ins for an app that nobody finishes, on %s', (engine) => {
  const house = sharedHouse({ engine });

  test('the oldest give way', async () => {
    const { db } = house.app.database;
    const app = await registerApp(house);
    const asked = await ask(await openRelyingParty(house, app));
    const now = house.clock.now();
    const numbers = sql`with recursive n (i) as (select 1 union all select i + 1 from n where i < ${sql.lit(MOST_OPEN)})`;
    await sql`${numbers} insert into oidc_interaction (hash, client_id, session_hash, sealed, created_at, expires_at)
      select 'flood-' || i, ${app.clientId}, '', '', ${sql.lit(now)}, ${sql.lit(now + 1_000)} + i from n`.execute(
      db,
    );
    const begin = () => house.browser().get(asked.path);
    await Promise.all(Array.from({ length: LOOK_EVERY - 1 }, begin));
    await begin();
    const count = async (hash: string) => {
      const { rows } = await sql<{
        n: number;
      }>`select count(*) as n from oidc_interaction where hash like ${hash}`.execute(db);
      return Number(rows[0]?.n);
    };
    expect(await count('%')).toBeLessThanOrEqual(MOST_OPEN);
    expect(await count('flood-%')).toBe(MOST_OPEN - LOOK_EVERY);
  });
});

describe.each(ENGINES)('R75: somebody signs in all day, each time from a new browser, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const NEW = /^New sign-in to /;

  test('is told so a hundred times in a row, then ever more seldom, and is not kept out', async () => {
    const person = await somebody(house);
    const signIn = async () => {
      expect((await enterPassword(house.browser(), person)).location).toBe('/');
    };
    const told = async () =>
      (await house.mails(person.email)).filter(({ subject }) => NEW.test(subject)).length;
    for (let n = 0; n < 100; n++) await signIn();
    expect(await told()).toBe(100);
    await signIn();
    expect(await told()).toBe(100);
    house.clock.advance(HOUR + 1);
    await signIn();
    expect(await told()).toBe(101);
  });
});
