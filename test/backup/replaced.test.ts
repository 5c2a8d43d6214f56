import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerRecovery, answerTotp, wrongCode } from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { addProtectedPerson, enterPassword, isSignedIn } from '../kit/people.ts';
import { emptyTarget, openSource } from './backup-kit.ts';

test.each(ENGINES)(
  'R82: where the replaced database can be read, codes of who was not active since go on, on %s',
  { timeout: 90_000 },
  async (engine) => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-backup-'));
    const source = await openSource(engine, 60 * 60_000);
    const { house } = source;
    const ann = await addProtectedPerson(house);
    const bob = await addProtectedPerson(house, { email: 'bob@example.org' });
    const eve = await addProtectedPerson(house, { email: 'eve@example.org' });
    source.clock.advance(20 * 60_000);
    source.catchUp();
    const file = join(folder, 'b');
    expect((await source.run('backup', file)).code).toBe(0);
    const rescued = house.browser();
    await enterPassword(rescued, ann.person);
    await answerRecovery(rescued, ann.codes[3] as string);
    expect(await isSignedIn(rescued)).toBe(true);
    const guesser = house.browser();
    await enterPassword(guesser, eve.person);
    for (let nth = 0; nth < 4; nth++) await answerTotp(guesser, wrongCode(house, eve.secret, nth));

    const old = source.env['DATABASE_URL'] as string;
    const target = await emptyTarget('sqlite', source.env);
    // One that knows nothing of this backup tells nothing.
    const other = await openSource('sqlite');
    const refused = await target.run(
      'restore',
      file,
      '--json',
      '--replaces',
      other.env['DATABASE_URL'] as string,
    );
    expect([refused.code, JSON.parse(refused.stderr).code]).toEqual([1, 'not_replaced']);
    const missing = await target.run('restore', file, '--json', '--replaces', `sqlite:${folder}/no.db`);
    expect([missing.code, JSON.parse(missing.stderr).code]).toEqual([1, 'not_replaced']);
    await other.house.close();
    const done = await target.run('restore', file, '--json', '--replaces', old);
    expect([done.stderr, done.code]).toEqual(['', 0]);
    expect(done.json()).toMatchObject({ lost_codes: 2, mails: 3 });

    const there = await target.open(source.clock);
    for (const [{ person, codes }, works] of [
      [ann, false],
      [bob, true],
      [eve, false],
    ] as const) {
      const browser = there.browser();
      await enterPassword(browser, person);
      await answerRecovery(browser, codes[5] as string);
      expect([person.email, await isSignedIn(browser)]).toEqual([person.email, works]);
    }
    const budget = await there.app.database.db
      .selectFrom('guess_budget')
      .select('run')
      .where('account_id', '=', eve.person.id)
      .executeTakeFirstOrThrow();
    expect(budget.run).toBe(4);
    await target.remove();
    await house.close();
    rmSync(folder, { recursive: true });
  },
);
