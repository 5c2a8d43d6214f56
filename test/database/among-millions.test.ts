import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deleteAccountRow } from '../../src/accounts/deletion-store.ts';
import { countDelivery } from '../../src/admin/overview/store.ts';
import { findRecords } from '../../src/audit/find-records.ts';
import { isAwaited } from '../../src/factors/webauthn/keys.ts';
import { readStanding } from '../../src/metrics/store.ts';
import { countStopped } from '../../src/policy/stopped-store.ts';
import { givenTo } from '../../src/upkeep/forget-removed.ts';
import { findBroken } from '../../src/upkeep/invariants.ts';
import { endedKeys, removeEnded } from '../../src/upkeep/piecemeal.ts';
import { countWaiting } from '../../src/upkeep/reminder-store.ts';
import { type House, openHouse } from '../kit/house.ts';
import { addPerson } from '../kit/people.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await house.close();
});

/** How SQLite goes about what the work asks for the first time, a line a step. */
async function plansOf(work: () => Promise<unknown>): Promise<string[]> {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  await work();
  const texts = prepare.mock.calls
    .map(([text]) => text)
    .filter((text) => /^\s*(select|delete)\b/i.test(text));
  prepare.mockRestore();
  const file = house.app.deps.config.databaseUrl.slice('sqlite:'.length);
  const connection = new DatabaseSync(file, { readOnly: true });
  const steps = texts.flatMap((text) => connection.prepare(`explain query plan ${text}`).all());
  connection.close();
  return steps.map(({ detail }) => String(detail));
}

/** Looking through all of a table, or through all that an index of it holds. */
const throughAll = (steps: readonly string[], ...tables: readonly string[]) =>
  steps.filter((step) => tables.some((table) => new RegExp(`^SCAN ${table}\\b`).test(step)));

test('whatever refers to a row is found by it: without an index, each deletion looks through the whole table', () => {
  const file = house.app.deps.config.databaseUrl.slice('sqlite:'.length);
  const connection = new DatabaseSync(file, { readOnly: true });
  const rows = connection.prepare(`
    select m.name || '.' || f."from" as place from sqlite_master m, pragma_foreign_key_list(m.name) f
    where m.type = 'table' and not exists (
      select 1 from pragma_index_list(m.name) i, pragma_index_info(i.name) c
      where c.seqno = 0 and c.name = f."from") order by 1`);
  // Of apps and their groups there are few.
  expect(rows.all().map(({ place }) => place)).toEqual(['client_group.group_id']);
  connection.close();
});

describe('among millions of rows, no table is looked through', () => {
  test('to find what waits to be sent, for each channel by itself', async () => {
    const steps = await plansOf(() => house.app.deps.outbox.flush());
    const found = steps.filter((step) => /\boutbox\b/.test(step));
    expect(found).toHaveLength(3);
    for (const step of found)
      expect(step).toBe('SEARCH outbox USING INDEX outbox_waiting (channel=? AND due_at<?)');
  });

  test('when Prometheus asks', async () => {
    const { database, clock } = house.app.deps;
    const steps = await plansOf(() => readStanding(database.db, clock.now()));
    expect(steps.filter((step) => /throttle/.test(step))).toEqual([
      'SEARCH throttle USING INDEX throttle_blocked (blocked_until_at>?)',
    ]);
    expect(steps.filter((step) => /outbox/.test(step))).toEqual([
      'SEARCH outbox USING COVERING INDEX outbox_waiting (channel=? AND due_at<?)',
      'SCAN outbox USING COVERING INDEX outbox_tried',
    ]);
  });

  test('when the overview tells how mails go', async () => {
    const { database, clock } = house.app.deps;
    const steps = await plansOf(() => countDelivery(database.db, 'mail', clock.now()));
    expect(steps[0]).toBe('SEARCH outbox USING COVERING INDEX outbox_waiting (channel=?)');
  });

  test('when reminders wait for those that are queued', async () => {
    const steps = await plansOf(() => countWaiting(house.app.database.db));
    expect(steps).toEqual(['SCAN outbox USING INDEX outbox_reminders']);
  });

  test('when an account is erased', async () => {
    const { id } = await addPerson(house);
    const { database } = house.app;
    const steps = await plansOf(() => database.transaction((tx) => deleteAccountRow(tx, id)));
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
  });

  test('nor all that an app was given, time and again, when it is taken away', async () => {
    const { database } = house.app;
    const client = { id: 'app', kind: 'oidc', name: '', description: '', redirect_uris: '[]' } as const;
    const settings = { post_logout_redirect_uris: '[]', acr: 'pwd', scopes: '', created_at: 0 } as const;
    await database.db
      .insertInto('client')
      .values({ ...client, ...settings })
      .execute();
    const waiting = {
      hash: 'h',
      client_id: 'app',
      session_hash: '',
      sealed: '',
      created_at: 0,
      expires_at: 0,
    };
    await database.db.insertInto('oidc_interaction').values(waiting).execute();
    const steps = await plansOf(async () => {
      for (const ended of givenTo('app'))
        for await (const keys of endedKeys(database.db, ended))
          await database.transaction((tx) => removeEnded(tx, ended, keys));
    });
    expect(await database.db.selectFrom('oidc_interaction').select('hash').execute()).toEqual([]);
    expect(steps.length).toBeGreaterThan(10);
    expect(steps.filter((step) => /client_id=|^SCAN/.test(step))).toEqual([]);
  });

  test('when records are looked for', async () => {
    const { db } = house.app.database;
    const steps = await plansOf(() => findRecords(db, {}, { before: null, count: 50 }));
    // Where one row is asked for, the first one ends it.
    expect(throughAll(steps, 'audit_event').filter((step) => / USING /.test(step))).toEqual([]);
  });

  test('when a new key is looked for among those that may come back', async () => {
    const steps = await plansOf(() => isAwaited(house.app.database.db, 'abc', house.clock.now()));
    expect(steps).toEqual(['SEARCH link USING INDEX link_undo_replace (expires_at>?)']);
  });

  test('when spent codes are looked for in the records', async () => {
    const { database, clock } = house.app.deps;
    const steps = await plansOf(() => findBroken(database.db, 'unrecorded_codes', clock.now()));
    expect(steps.filter((step) => /audit_event/.test(step))).toEqual([
      'SEARCH audit_event USING COVERING INDEX audit_event_code_used (subject=? AND at=?)',
    ]);
  });

  test('when it is reported whom a rule would stop', async () => {
    const moment = { now: house.clock.now(), idleSince: 0 };
    const steps = await plansOf(() => countStopped(house.app.database.db, null, moment));
    expect(throughAll(steps, 'account')).toEqual(['SCAN account USING INDEX account_administrators']);
  });
});
