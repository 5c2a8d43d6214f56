import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { createAuditSealer, sealAuditChain } from '../../src/audit/chain.ts';
import { exportAudit } from '../../src/audit/export.ts';
import { record } from '../../src/audit/record.ts';
import { listEventsOf } from '../../src/audit/store.ts';
import { verifyAudit } from '../../src/audit/verify.ts';
import type { Tx } from '../../src/database/open.ts';
import { DAY, HOUR } from '../../src/kit/clock.ts';
import { createSeal } from '../../src/kit/seal.ts';
import { ENGINES, openStage, type Stage } from '../delivery/stage.ts';
import { takeAwayGuards } from '../kit/audit-guards.ts';

describe.each(ENGINES)('audit chain on %s', (engine) => {
  let stage: Stage;
  afterEach(() => stage.close());

  const place = () => ({ now: stage.clock.now(), network: '203.0.113.7', browser: 'x', requestId: 'r1' });

  async function write(tx: Tx, number: number, pseudonym = 'p1'): Promise<void> {
    const entry = {
      event: 'sign_in.completed',
      subject: { pseudonym },
      method: 'otp',
      detail: { number },
    } as const;
    await record(tx, place(), entry);
  }

  /** `count` events, each in a transaction of its own, a second apart. */
  async function happen(count: number): Promise<void> {
    for (let number = 1; number <= count; number++) {
      await stage.database.transaction((tx) => write(tx, number));
      stage.clock.advance(1_000);
    }
  }

  /** As somebody who has the database but not the key ring; nothing in it stops them. */
  async function tamper(...statements: string[]): Promise<void> {
    await takeAwayGuards(stage.database);
    for (const statement of statements) {
      await sql.raw(statement).execute(stage.database.db);
    }
  }

  const links = () => stage.database.db.selectFrom('audit_link').selectAll().orderBy('position').execute();

  test('an empty log verifies', async () => {
    stage = await openStage(engine);
    expect(await verifyAudit(stage)).toEqual({ ok: true, events: 0, head: null, problems: [] });
  });

  test('every event gets one link, in order, and the whole verifies', async () => {
    stage = await openStage(engine);
    await happen(5);
    expect(await sealAuditChain(stage)).toBe(5);
    expect(await sealAuditChain(stage)).toBe(0);
    await happen(2);
    const verdict = await verifyAudit(stage);
    const chain = await links();
    expect(verdict).toEqual({ ok: true, events: 7, head: chain[6]?.hash, problems: [] });
    expect(chain.map(({ position, event_seq }) => [position, event_seq])).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((number) => [number, number]),
    );
  });

  test('longer than a batch', async () => {
    stage = await openStage(engine);
    await stage.database.transaction(async (tx) => {
      for (let number = 0; number < 1_300; number++) await write(tx, number);
    });
    expect(await sealAuditChain(stage)).toBe(1_300);
    expect(await verifyAudit(stage)).toMatchObject({ ok: true, events: 1_300 });
  });

  test.each([
    [
      'one word of one event changed',
      ["update audit_event set outcome = 'failure' where seq = 3"],
      /event 3 or/,
    ],
    ['a time changed', ['update audit_event set at = at + 1 where seq = 3'], /event 3 or/],
    ['a person changed', ["update audit_event set subject = 'p2' where seq = 3"], /event 3 or/],
    ['an event deleted', ['delete from audit_event where seq = 3'], /event 3 is missing/],
    [
      'an event and its link deleted',
      ['delete from audit_link where event_seq = 3', 'delete from audit_event where seq = 3'],
      /no position 3/,
    ],
    [
      'an event deleted and the positions closed up',
      [
        'delete from audit_link where event_seq = 3',
        'delete from audit_event where seq = 3',
        'update audit_link set position = 3 where position = 4',
        'update audit_link set position = 4 where position = 5',
      ],
      /event 4 or/,
    ],
    [
      'the last two cut off',
      ['delete from audit_link where event_seq > 3', 'delete from audit_event where seq > 3'],
      /ends at position 3, but it was 5 long/,
    ],
    [
      'the last two cut off and the note of the end thrown away',
      [
        'delete from audit_link where event_seq > 3',
        'delete from audit_event where seq > 3',
        "delete from meta where key = 'audit/head'",
      ],
      /where the chain ends is missing/,
    ],
    [
      'the note of the end forged',
      [`update meta set value = replace(value, '"position":5', '"position":3') where key = 'audit/head'`],
      /where the chain ends was changed/,
    ],
    [
      'two events exchanged',
      [
        'update audit_link set event_seq = 99 where event_seq = 2',
        'update audit_link set event_seq = 2 where event_seq = 4',
        'update audit_link set event_seq = 4 where event_seq = 99',
      ],
      /event 4 or/,
    ],
    [
      'the links of two events exchanged',
      [
        'update audit_link set position = 99 where position = 2',
        'update audit_link set position = 2 where position = 4',
        'update audit_link set position = 4 where position = 99',
      ],
      /event 4 or/,
    ],
    [
      'an old event slipped in',
      [
        `insert into audit_event (seq, at, event, outcome, detail) ${engine === 'postgres' ? 'overriding system value ' : ''}values (-1, 5, 'sign_out', 'success', '{}')`,
      ],
      /event -1 is not in the chain/,
    ],
    [
      'an event slipped in with a link of its own',
      [
        `insert into audit_event (seq, at, event, outcome, detail) ${engine === 'postgres' ? 'overriding system value ' : ''}values (6, 5, 'sign_out', 'success', '{}')`,
        "insert into audit_link (position, event_seq, key_id, hash) values (6, 6, 'k1', 'forged')",
      ],
      /event 6 or/,
    ],
    [
      'a link sealed with a key that we lack',
      ["update audit_link set key_id = 'k9' where position = 2"],
      /"k9"/,
    ],
  ])('R73: %s', async (_what, statements, problem) => {
    stage = await openStage(engine);
    await happen(5);
    stage.clock.advance(HOUR);
    expect(await verifyAudit(stage)).toMatchObject({ ok: true });
    await tamper(...statements);
    const verdict = await verifyAudit(stage);
    expect(verdict.ok).toBe(false);
    expect(verdict.problems.join('\n')).toMatch(problem);
  });

  test('one changed event is told once, and a thousand in fifty lines', async () => {
    stage = await openStage(engine);
    await stage.database.transaction(async (tx) => {
      for (let number = 0; number < 60; number++) await write(tx, number);
    });
    await sealAuditChain(stage);
    await tamper("update audit_event set method = 'pwd' where seq = 7");
    expect((await verifyAudit(stage)).problems).toEqual(['event 7 or its place in the chain was changed']);
    await tamper("update audit_event set method = 'pwd'");
    const { problems } = await verifyAudit(stage);
    expect(problems).toHaveLength(51);
    expect(problems[50]).toBe('… and 10 more');
  });

  test('two sealers, and writers at the same time: one chain without a gap', async () => {
    stage = await openStage(engine);
    const other = { ...stage, database: stage.reopen() };
    const writing = Promise.all(
      Array.from({ length: 120 }, (_, number) => stage.database.transaction((tx) => write(tx, number))),
    );
    const sealed = [0, 0];
    for (let round = 0; round < 6; round++) {
      const [ours, theirs] = await Promise.all([sealAuditChain(stage), sealAuditChain(other)]);
      sealed[0]! += ours;
      sealed[1]! += theirs;
    }
    await writing;
    await Promise.all([sealAuditChain(stage), sealAuditChain(other)]);
    await sealAuditChain(stage);
    expect(await verifyAudit(stage)).toMatchObject({ ok: true, events: 120, problems: [] });
    expect((await links()).map(({ position }) => position)).toEqual(
      Array.from({ length: 120 }, (_, index) => index + 1),
    );
  });

  test('after the keys were rotated, old links verify with the old key and new ones with the new', async () => {
    stage = await openStage(engine);
    const [old, fresh] = [stage.random.bytes(32), stage.random.bytes(32)];
    const seal = createSeal({ active: 'a', keys: new Map([['a', old]]) }, stage.random);
    await happen(2);
    await sealAuditChain({ ...stage, seal });
    const keys = new Map([
      ['a', old],
      ['b', fresh],
    ]);
    const rotated = { ...stage, seal: createSeal({ active: 'b', keys }, stage.random) };
    await happen(2);
    expect(await verifyAudit(rotated)).toMatchObject({ ok: true, events: 4 });
    expect((await links()).map(({ key_id }) => key_id)).toEqual(['a', 'a', 'b', 'b']);
  });

  test('the timer seals within a second and seals the rest at its end', async () => {
    stage = await openStage(engine);
    const sealer = createAuditSealer(stage);
    sealer.start();
    const begun = performance.now();
    await happen(1);
    await expect.poll(async () => (await links()).length, { interval: 20, timeout: 3_000 }).toBe(1);
    expect(performance.now() - begun).toBeLessThan(2_500);
    await happen(1);
    await sealer.stop();
    expect(await links()).toHaveLength(2);
  });

  test('the export is one JSON line an event, since an instant, with its link', async () => {
    stage = await openStage(engine);
    await happen(3);
    const since = stage.clock.now();
    stage.clock.advance(DAY);
    await stage.database.transaction((tx) =>
      record(tx, { ...place(), browser: 'x\n{"forged":true}' }, { event: 'sign_out', subject: null }),
    );
    await sealAuditChain(stage);
    const all = await lines(0);
    expect(all).toHaveLength(4);
    const [line] = await lines(since);
    expect(line?.split('\n')).toHaveLength(1);
    expect(JSON.parse(line ?? '')).toMatchObject({
      seq: 4,
      at: new Date(stage.clock.now()).toISOString(),
      event: 'sign_out',
      outcome: 'success',
      subject: null,
      browser: 'x\n{"forged":true}',
      detail: {},
      link: { position: 4, key_id: 'k1' },
    });
    expect(JSON.parse(all[0] ?? '')).toMatchObject({
      method: 'otp',
      detail: { number: 1 },
      request_id: 'r1',
    });
  });

  test("a person's own events, newest first, a page at a time", async () => {
    stage = await openStage(engine);
    await happen(5);
    await stage.database.transaction((tx) => write(tx, 6, 'p2'));
    const first = await listEventsOf(stage.database.db, 'p1', { limit: 3 });
    expect(first.map(({ detail }) => detail.number)).toEqual([5, 4, 3]);
    const next = await listEventsOf(stage.database.db, 'p1', { limit: 3, beforeSeq: first[2]?.seq ?? 0 });
    expect(next.map(({ detail }) => detail.number)).toEqual([2, 1]);
  });

  async function lines(since: number): Promise<string[]> {
    const found: string[] = [];
    for await (const line of exportAudit(stage.database.db, since)) found.push(line);
    return found;
  }
});

test('PostgreSQL: a row that commits after a larger number was sealed takes the next position', async () => {
  const stage = await openStage('postgres');
  const place = { now: stage.clock.now(), network: '', browser: '', requestId: '' };
  const event = { event: 'sign_out', subject: null } as const;
  let commit = () => {};
  const held = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let wrote = () => {};
  const written = new Promise<void>((resolve) => {
    wrote = resolve;
  });
  const slow = stage.database.transaction(async (tx) => {
    await record(tx, place, event);
    wrote();
    await held;
  });
  await written;
  await stage.database.transaction((tx) => record(tx, place, event));
  await sealAuditChain(stage);
  commit();
  await slow;
  expect(await verifyAudit(stage)).toMatchObject({ ok: true, events: 2 });
  const chain = await stage.database.db.selectFrom('audit_link').selectAll().orderBy('position').execute();
  expect(chain.map(({ event_seq }) => event_seq)).toEqual([2, 1]);
  await stage.close();
});
