import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { sealAuditChain } from '../../src/audit/chain.ts';
import { record } from '../../src/audit/record.ts';
import { removeOldRecords } from '../../src/audit/retain.ts';
import { verifyAudit } from '../../src/audit/verify.ts';
import { lookAtAudit } from '../../src/cli/doctor-audit.ts';
import { DAY } from '../../src/kit/clock.ts';
import { ENGINES, openStage, type Stage } from '../delivery/stage.ts';
import { takeAwayGuards } from '../kit/audit-guards.ts';

describe.each(ENGINES)('records that are kept for a while on %s', (engine) => {
  let stage: Stage;
  afterEach(() => stage.close());

  async function happen(count: number): Promise<void> {
    for (let number = 1; number <= count; number++) {
      const place = { now: stage.clock.now(), network: '203.0.113.7', browser: 'x', requestId: 'r1' };
      const entry = { event: 'sign_out', subject: { pseudonym: 'p1' }, detail: { number } } as const;
      await stage.database.transaction((tx) => record(tx, place, entry));
    }
    await sealAuditChain(stage);
  }

  async function keepFor(days: number | string): Promise<void> {
    const value = String(days);
    await stage.database.db
      .insertInto('policy_value')
      .values({ key: 'record_retention_days', value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
  }

  async function tamper(...statements: string[]): Promise<void> {
    await takeAwayGuards(stage.database);
    for (const statement of statements) await sql.raw(statement).execute(stage.database.db);
  }

  const events = () => stage.database.db.selectFrom('audit_event').selectAll().orderBy('seq').execute();

  /** Six old ones, three of today: the old ones are removed. */
  async function cut(): Promise<void> {
    stage = await openStage(engine);
    await happen(6);
    stage.clock.advance(40 * DAY);
    await happen(3);
    await keepFor(30);
    expect(await removeOldRecords(stage)).toBe(6);
  }

  test('what is older goes, the rest verifies, and the removal itself is recorded', async () => {
    await cut();
    const left = await events();
    expect(left.map(({ event }) => event)).toEqual(['sign_out', 'sign_out', 'sign_out', 'records.removed']);
    expect(JSON.parse(left[3]?.detail ?? '')).toEqual({ count: 6, days: 30 });
    expect(await verifyAudit(stage)).toMatchObject({ ok: true, events: 4, problems: [] });
    expect(await lookAtAudit(stage.database.db, stage.seal)).toBe('4 records, the last 4 looked at');
    await happen(2);
    expect(await verifyAudit(stage)).toMatchObject({ ok: true, events: 6 });
    expect(await removeOldRecords(stage)).toBe(0);
    expect(await events()).toHaveLength(6);
  });

  test('more than a batch goes too, and the end of the chain always stays', async () => {
    stage = await openStage(engine);
    await happen(600);
    stage.clock.advance(40 * DAY);
    await keepFor(30);
    expect(await removeOldRecords(stage)).toBe(599);
    expect(await verifyAudit(stage)).toMatchObject({ ok: true, events: 2 });
    stage.clock.advance(40 * DAY);
    expect(await removeOldRecords(stage)).toBe(1);
    expect(await verifyAudit(stage)).toMatchObject({ ok: true, events: 2 });
  });

  test.each([[0], [29], ['-1'], ['many']])('kept for “%s” days: nothing goes', async (days) => {
    stage = await openStage(engine);
    await happen(3);
    stage.clock.advance(4000 * DAY);
    await keepFor(days);
    expect(await removeOldRecords(stage)).toBe(0);
    expect(await events()).toHaveLength(3);
  });

  test('R73: what the checkpoint does not cover can’t be deleted, and it can’t move back', async () => {
    await cut();
    for (const statement of [
      'delete from audit_event',
      'delete from audit_link',
      'update audit_event set at = 0',
      'update audit_cut set position = position - 1',
      'update audit_cut set hash = hash',
      'delete from audit_cut',
    ])
      await expect(sql.raw(statement).execute(stage.database.db), statement).rejects.toThrow(
        /append-only|forward/,
      );
    expect(await verifyAudit(stage)).toMatchObject({ ok: true, events: 4 });
  });

  test('R73: whoever moves the checkpoint without the key ring is found out', async () => {
    await cut();
    await sealAuditChain(stage);
    await tamper(
      'update audit_cut set position = 7, hash = (select hash from audit_link where position = 7)',
      'delete from audit_event where seq = (select event_seq from audit_link where position = 7)',
      'delete from audit_link where position = 7',
    );
    const verdict = await verifyAudit(stage);
    expect(verdict.ok).toBe(false);
    expect(verdict.problems.join()).toMatch(/begins was changed/);
    await expect(lookAtAudit(stage.database.db, stage.seal)).rejects.toThrow(/begins was changed/);
    // Nor does the upkeep sign what it found there.
    stage.clock.advance(400 * DAY);
    expect(await removeOldRecords(stage)).toBe(0);
  });

  test.each([
    ['the checkpoint is gone', ['delete from audit_cut'], /no position 1/],
    [
      'the next record is gone too',
      ['delete from audit_event where seq = 7', 'delete from audit_link where position = 7'],
      /no position 7/,
    ],
    [
      'a record was put back before it',
      ["insert into audit_link (position, event_seq, key_id, hash) values (3, 9000, 'k1', 'x')"],
      /up to position 6 are there/,
    ],
  ])('R73: %s', async (_what, statements, problem) => {
    await cut();
    await tamper(...statements);
    const verdict = await verifyAudit(stage);
    expect(verdict.ok).toBe(false);
    expect(verdict.problems.join('\n')).toMatch(problem);
  });
});
