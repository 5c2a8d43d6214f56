import { describe, expect, test } from 'vitest';
import { readCheck, startCheck } from '../../src/audit/check.ts';
import { AUDIT_EVENTS } from '../../src/audit/events.ts';
import { findRecords } from '../../src/audit/find-records.ts';
import { nowhere } from '../../src/audit/place.ts';
import { record } from '../../src/audit/record.ts';
import { DAY, HOUR, MINUTE, pseudonymOf, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { takeAwayGuards } from '../kit/audit-guards.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword } from '../kit/people.ts';
import { administrator } from '../kit/recovery-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const RECORDS = '/admin/records';

/** RFC 4180, without line breaks in cells. */
function rowsOf(csv: string): string[][] {
  const lines = csv
    .replace(/^\ufeff/, '')
    .split('\r\n')
    .filter((line) => line !== '');
  return lines.map((line) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
      .map(([, cell = '']) => cell.replace(/^"|"$/g, '').replaceAll('""', '"'))
      .slice(0, 15),
  );
}

describe.each(ENGINES)('the records in the Dashboard, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;
  const boss = () => administrator(house, 'Bo Berg');
  const shown = (body: string) =>
    [...body.matchAll(/href="\/admin\/records\/(\d+)"/g)].map(([, seq]) => Number(seq));
  const query = (fields: Record<string, string>) => `${RECORDS}?${new URLSearchParams(fields)}`;

  test('who did what to whom, in words, with names and the exact time; more of one record on its page', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebodyProtected(house, { name: 'Ann Example' });
    await browser.submit(`/admin/people/${ann.person.id}/sessions/end`);
    const { body } = await browser.get(RECORDS);
    const text = textOf(body);
    expect(text).toContain('Times are in UTC.');
    expect(text).toMatch(
      new RegExp(
        `03 May 2026, 10:0\\d:\\d\\d Session ended Ann Example ${ann.person.email} by Bo Berg 127.0.0.1`,
      ),
    );
    const [seq] = shown(body);
    const one = await browser.get(`${RECORDS}/${seq}`);
    const detail = textOf(one.body);
    expect(detail).toContain('Session ended by an administrator');
    for (const told of [
      await pseudonymOf(house, ann.person),
      await pseudonymOf(house, bo),
      'Network address 127.0.0.1',
      'Firefox 140 on Linux Mozilla/5.0',
      'Event session.ended Details count 1',
    ])
      expect(detail).toContain(told);
    expect(one.body).toContain(`href="/admin/people/${ann.person.id}"`);
    // One time, exact and with its zone; a method by its name, and as the record holds it.
    expect(detail).toMatch(/When 03 May 2026, 10:0\d:\d\d \(UTC\) About/);
    const [signedIn] = shown((await browser.get(`${RECORDS}?event=sign_in.completed`)).body);
    const how = textOf((await browser.get(`${RECORDS}/${signedIn}`)).body);
    expect(how).toContain('How Password and one-time code pwd otp mfa Network address');
    for (const nothing of ['0', '-1', '999999', 'x', '1e3', '9'.repeat(30), '%00'])
      expect([nothing, (await browser.get(`${RECORDS}/${nothing}`)).status]).toEqual([nothing, 404]);
  });

  test('every kind of event can be chosen by words that a person understands', async () => {
    const { browser } = await boss();
    const { body } = await browser.get('/admin/records');
    const select = /<select[^>]*name="event"[\s\S]*?<\/select>/.exec(body)?.[0] ?? '';
    const options = [...select.matchAll(/<option value="([^"]+)"[^>]*>([^<]*)</g)];
    expect(options).toHaveLength(AUDIT_EVENTS.length);
    for (const [, event, text] of options) {
      expect(text, event).not.toContain('undefined');
      expect(text).toMatch(/^\S.*\S$/);
      expect(text).not.toBe(event);
    }
  });

  test('by person, event, outcome, network and days; what is no filter counts as none', async () => {
    const { browser } = await boss();
    const ann = await somebody(house);
    const stranger = house.browser();
    stranger.network = '192.0.2.77';
    for (const password of ['wrong', 'wronger']) await enterPassword(stranger, { ...ann, password });
    await enterPassword(stranger, ann);
    const listed = async (fields: Record<string, string>) => {
      const { status, body } = await browser.get(query(fields));
      expect(status).toBe(200);
      return shown(body);
    };
    const all = await listed({ person: ann.email });
    expect(all.length).toBeGreaterThanOrEqual(4);
    expect(await listed({ person: await pseudonymOf(house, ann) })).toEqual(all);
    expect(await listed({ person: ann.email, outcome: 'failure' })).toHaveLength(2);
    expect(await listed({ person: ann.email, event: 'sign_in.completed' })).toHaveLength(1);
    expect(await listed({ network: '192.0.2.' })).toEqual(all);
    expect(await listed({ network: '192.0.2.77', outcome: 'success' })).toHaveLength(all.length - 2);
    expect(await listed({ network: '192.0.20.' })).toEqual([]);
    const today = new Date(house.clock.now()).toISOString().slice(0, 10);
    const tomorrow = new Date(house.clock.now() + DAY).toISOString().slice(0, 10);
    expect(await listed({ person: ann.email, from: today, to: today })).toEqual(all);
    expect(await listed({ network: '192.0.2.', from: today })).toEqual(all);
    expect(await listed({ network: '192.0.2.', from: tomorrow })).toEqual([]);
    expect(await listed({ to: '2026-05-02' })).toEqual([]);
    for (const nonsense of [
      { event: 'nothing' },
      { outcome: 'x' },
      { network: "'" },
      { from: '2026-02-30', to: 'x' },
      { before: 'x' },
      { before: '-1' },
    ] as Record<string, string>[])
      expect([nonsense, (await listed({ person: ann.email, ...nonsense })).length]).toEqual([
        nonsense,
        all.length,
      ]);
    const nobody = await browser.get(query({ person: 'nobody@example.org' }));
    expect(textOf(nobody.body)).toContain('Nobody here has this address.');
    expect((await browser.get(`${RECORDS}?person=%00&event=%00`)).status).toBe(200);
  });

  test('what an administrator did stands under their name too, and days are those of their zone', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebody(house);
    await browser.submit(`/admin/people/${ann.id}/unlock`);
    await browser.submit('/admin/groups/create', { name: `Zone ${engine}` });
    const { body } = await browser.get(query({ person: bo.email }));
    const text = textOf(body);
    expect(text).toContain('Group created');
    expect(text).toContain('Pause after wrong tries lifted');
    const seqs = shown(body);
    expect(seqs).toEqual([...seqs].sort((one, other) => other - one));
    await db()
      .updateTable('account')
      .set({ time_zone: 'Pacific/Auckland' })
      .where('id', '=', bo.id)
      .execute();
    // Ten in the morning of the third is late in the evening of the third there, so the second has nothing of it.
    expect(shown((await browser.get(query({ person: bo.email, to: '2026-05-02' }))).body)).toEqual([]);
    expect(
      shown((await browser.get(query({ person: bo.email, from: '2026-05-03', to: '2026-05-03' }))).body),
    ).toEqual(seqs);
  });

  test('pages go back to the first record, none twice, and a rare one is looked for in steps', async () => {
    const { browser } = await boss();
    const place = { now: house.clock.now(), network: '198.51.100.1', browser: '', requestId: '' };
    await house.app.database.transaction(async (tx) => {
      for (let n = 0; n < 130; n++)
        await record(tx, place, {
          event: n % 60 === 5 ? 'text.capped' : 'sign_out',
          subject: { pseudonym: 'nobodyhere' },
        });
    });
    const seen: number[] = [];
    let path: string | undefined = query({ network: '198.51.100.1' });
    while (path) {
      const { body } = await browser.get(path);
      seen.push(...shown(body));
      path = /href="(\/admin\/records\?[^"]*before=[^"]*)"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toHaveLength(130);
    expect(seen).toEqual([...new Set(seen)].sort((one, other) => other - one));
    const { body } = await browser.get(query({ person: 'nobodyhere' }));
    expect(shown(body)).toHaveLength(50);
    expect(textOf(body)).toContain('Somebody who is no longer here nobodyhe');

    const found: number[] = [];
    let steps = 0;
    for (let before: number | null = null; steps === 0 || before !== null; steps++) {
      const part = await findRecords(
        db(),
        { event: 'text.capped' },
        { before, count: 10 },
        { slice: 7, slices: 3 },
      );
      found.push(...part.records.map(({ seq }) => seq));
      before = part.next;
    }
    expect(found).toHaveLength(3);
    expect(steps).toBeGreaterThan(5);
  });

  test('a clock that was set back hides nothing from a day', async () => {
    const at = Date.UTC(2026, 7, 1, 12);
    const write = (now: number) =>
      house.app.database.transaction((tx) =>
        record(
          tx,
          { now, network: '203.0.113.9', browser: '', requestId: '' },
          { event: 'sign_out', subject: null },
        ),
      );
    for (const minutes of [0, 1, 40, 2, 3, 120]) await write(at + minutes * MINUTE);
    const find = async (from: number, until: number) =>
      (await findRecords(db(), { from, until, network: '203.0.113.9' }, { before: null, count: 50 })).records
        .length;
    expect(await find(at, at + HOUR)).toBe(5);
    expect(await find(at + 2 * MINUTE, at + 4 * MINUTE)).toBe(2);
    expect(await find(at + HOUR, at + 3 * HOUR)).toBe(1);
    expect(await find(at - HOUR, at)).toBe(0);
  });

  test('exports what is filtered as CSV, whose cells no spreadsheet computes, and as lines of JSON', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebody(house, { name: 'Ann' });
    const evil = house.browser();
    evil.network = '192.0.2.99';
    evil.userAgent = '=HYPERLINK("http://evil.example","x")';
    await enterPassword(evil, { ...ann, password: 'wrong' });
    await enterPassword(evil, ann);
    const all = query({ person: ann.email }).replace(RECORDS, `${RECORDS}/export`);
    const csv = await browser.get(`${all}&format=csv`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['content-disposition']).toMatch(/^attachment; filename="records-2026-05-03\.csv"$/);
    expect(csv.headers['cache-control']).toContain('no-store');
    const [head = [], ...rows] = rowsOf(csv.body);
    const column = (name: string) => rows.map((row) => row[head.indexOf(name)]);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(new Set(column('subject_email'))).toEqual(new Set([ann.email]));
    expect(column('sentence')).toContain('Sign-in with a wrong password');
    expect(column('browser').every((cell) => cell === `'${evil.userAgent}`)).toBe(true);
    expect(csv.body).not.toMatch(/(^|,)"?=/m);

    const lines = (await browser.get(`${all}&format=json`)).body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ seq }) => String(seq))).toEqual(column('seq'));
    expect(lines[0]).toMatchObject({
      subject: await pseudonymOf(house, ann),
      at: expect.stringMatching(/Z$/),
    });
    expect(JSON.stringify(lines)).not.toContain(ann.email);
    const exported = await browser.get(query({ person: bo.email, event: 'audit.exported' }));
    expect(shown(exported.body)).toHaveLength(2);
    const whole = (await browser.get(`${RECORDS}/export?format=json`)).body.trimEnd().split('\n');
    expect(whole.length).toBeGreaterThan(100);
    expect((await browser.get(`${RECORDS}/export?person=nobody@example.org`)).status).toBe(404);
    // The page shows what counted; a file that holds more than was meant is found out too late.
    for (const wrong of [
      'event=sign_inn',
      'outcome=maybe',
      'network=here',
      'from=yesterday',
      'to=2026-02-30',
      'format=xml',
      'event=sign_in&event=sign_out',
      'persn=nobody@example.org',
      'until=2026-02-03',
    ])
      expect((await browser.get(`${RECORDS}/export?${wrong}`)).status, wrong).toBe(400);
    expect((await browser.get(`${RECORDS}/export?event=&from=&to=`)).status).toBe(200);
    // What was carried away is known by all that it was filtered by.
    await browser.get(`${RECORDS}/export?event=sign_out&network=192.0.2.7&from=2026-05-01`);
    const [last] = await house.app.database.db
      .selectFrom('audit_event')
      .select('detail')
      .where('event', '=', 'audit.exported')
      .orderBy('seq', 'desc')
      .limit(1)
      .execute();
    expect(JSON.parse(last?.detail ?? '{}')).toEqual({
      format: 'csv',
      person: null,
      event: 'sign_out',
      outcome: null,
      network: '192.0.2.7',
      from: expect.any(Number),
      until: null,
    });
  });

  test('checks the chain and says its head; afterwards says what was changed', async () => {
    const { browser } = await boss();
    const before = textOf((await browser.get(`${RECORDS}/check`)).body);
    expect(before).toContain('Nobody has checked the records here yet.');
    const done = await browser.submit(`${RECORDS}/check`);
    expect(textOf(done.body)).toMatch(/Nothing was changed: \d+ records\. Checked now/);
    const head = await db()
      .selectFrom('audit_link')
      .select('hash')
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(done.body).toContain(`data-text="${head.hash}"`);
    const json = await browser.get(`${RECORDS}/check`, { accept: 'application/json' });
    expect(json.json()).toMatchObject({ running: false });

    await takeAwayGuards(house.app.database);
    await db().updateTable('audit_event').set({ network: '10.0.0.1' }).where('seq', '=', 3).execute();
    const broken = await browser.submit(`${RECORDS}/check`);
    expect(textOf(broken.body)).toContain('Records were changed.');
    expect(textOf(broken.body)).toContain('event 3 or its place in the chain was changed');
    const records = await browser.get(query({ event: 'audit.checked' }));
    expect(textOf(records.body)).toContain('Records checked: they were changed Failed Bo Berg');
  });

  test('while one check runs no other begins; one whose process ended is told, and another may begin', async () => {
    const { deps } = house.app;
    const { clock } = deps;
    const { browser } = await boss();
    const by = { place: nowhere(clock.now()), actor: 'operator' };
    await (await startCheck(deps, by)).finished;
    // As another process leaves it while it is at work.
    const check = { startedAt: clock.now(), by: 'operator', done: 3, all: 10, verdict: null };
    const value = JSON.stringify(check);
    await db().updateTable('meta').set({ value }).where('key', '=', 'audit/check').execute();
    const until_at = clock.now() + MINUTE;
    await db().updateTable('lease').set({ until_at }).where('name', '=', 'audit-check').execute();
    await (await startCheck(deps, by)).finished;
    const running = await browser.submit(`${RECORDS}/check`);
    expect(running.body).toContain('<progress aria-labelledby="progress" max="10" value="3">');
    expect(running.body).toContain('watch-progress');
    const json = await browser.get(`${RECORDS}/check`, { accept: 'application/json' });
    expect(json.json()).toEqual({ running: true, done: 3, all: 10 });
    const told = db().selectFrom('audit_event').select('seq').where('event', '=', 'audit.checked');
    expect(await told.where('actor', '=', 'operator').execute()).toHaveLength(1);

    house.clock.advance(2 * MINUTE);
    expect(await readCheck(db(), clock.now())).toMatchObject({ state: 'broken-off' });
    expect(textOf((await browser.get(`${RECORDS}/check`)).body)).toContain('The last check broke off.');
    expect(textOf((await browser.submit(`${RECORDS}/check`)).body)).toContain('Records were changed.');
  });
});
