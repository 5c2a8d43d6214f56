import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Deps } from '../../src/deps.ts';
import { currentMetadata } from '../../src/factors/webauthn/metadata/current-metadata.ts';
import { metadataDoctor } from '../../src/factors/webauthn/metadata/doctor.ts';
import { usableMetadata } from '../../src/factors/webauthn/metadata/judge-key.ts';
import { keepMetadata } from '../../src/factors/webauthn/metadata/refresh-metadata.ts';
import { createLog } from '../../src/kit/log.ts';
import { DAY, HOUR, MINUTE, somebodyProtected } from '../kit/attack-kit.ts';
import { ENGINES, type House } from '../kit/house.ts';
import { demandModels, issue, testRoot, trustTestRoot } from '../kit/key-models.ts';
import { type MetadataServer, startMetadataServer } from '../kit/metadata-server.ts';
import { freshHouse, sharedHouse } from '../kit/shared-house.ts';

const KEYS = '/account/security/keys';
const NOT_FIDO = 'it is not what FIDO publishes: a signed file of three parts';

let server: MetadataServer;
beforeAll(async () => {
  trustTestRoot();
  server = await startMetadataServer('');
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(server, { file: issue(), status: 200, answer: null, asked: 0 });
});

/** The house's own, with a log that is read: -> what was said since the last look, without when. */
function listen(house: House): { deps: Deps; said: () => object[] } {
  const lines: object[] = [];
  const write = (line: string) => {
    const { time: _time, ...rest } = JSON.parse(line);
    lines.push(rest);
  };
  return { deps: { ...house.app.deps, log: createLog('info', { write }) }, said: () => lines.splice(0) };
}

const fetched = (no: number, newer: boolean) => ({
  level: 'info',
  no,
  newer,
  msg: 'the list of key models was fetched',
});
const useless = (reason: string) => ({
  level: 'error',
  reason,
  msg: 'the list of key models cannot be used',
});
const MISSING = {
  level: 'error',
  msg: 'the list of key models is missing: no new security key is accepted',
};

describe.each(ENGINES)('R23: the hourly look, on %s', (engine) => {
  // The address of the server is known once the file runs.
  const house = freshHouse({
    engine,
    env: {
      get MDS_URL() {
        return server.url;
      },
    },
  });
  const stored = () =>
    house.app.database.db.selectFrom('key_metadata').select(['no', 'file']).executeTakeFirst();
  const until = (at: number) => house.clock.advance(at - house.clock.now());
  beforeEach(() => demandModels(house, 'certified'));

  test('fetches it after a week and on the day on which the next is due, not a moment before', async () => {
    const { deps, said } = listen(house);
    const keep = async () => {
      await keepMetadata(deps);
      return server.asked;
    };
    server.file = issue({ no: 3, nextUpdate: '2026-05-15' });
    expect([await keep(), await keep()]).toEqual([1, 1]);
    expect(said()).toEqual([fetched(3, true)]);
    house.clock.advance(7 * DAY - 1);
    expect(await keep()).toBe(1);
    house.clock.advance(1);
    expect(await keep()).toBe(2);
    // It was the same one; that counts as a look, too.
    house.clock.advance(HOUR);
    expect(await keep()).toBe(2);
    until(Date.UTC(2026, 4, 15) - 1);
    expect(await keep()).toBe(2);
    house.clock.advance(1);
    expect(await keep()).toBe(3);
    expect(said()).toEqual([fetched(3, false), fetched(3, false)]);
  });

  test('says from when on new keys are refused, and then that they are', async () => {
    const { deps, said } = listen(house);
    const look = async (at: number) => {
      until(at);
      await keepMetadata(deps);
      return said();
    };
    const [nextUpdate, from] = ['2026-05-15', '2026-05-19'];
    server.file = issue({ no: 3, nextUpdate });
    await keepMetadata(deps);
    server.status = 500;
    await look(Date.UTC(2026, 4, 15));
    const away = useless('MDS_URL answers 500');
    const msg = 'the list of key models is late: without a newer one, new keys are refused';
    const late = { level: 'warn', nextUpdate, from, msg };
    const stale = {
      level: 'error',
      nextUpdate,
      msg: 'the list of key models is stale: no new security key is accepted',
    };
    expect(await look(Date.UTC(2026, 4, 16) - 1)).toEqual([away]);
    // A minute later somebody else may ask, and nobody before.
    expect(await look(Date.UTC(2026, 4, 16))).toEqual([late]);
    expect(await look(Date.UTC(2026, 4, 19) - 1)).toEqual([away, late]);
    expect(await look(Date.UTC(2026, 4, 19))).toEqual([stale]);
    server.status = 200;
    server.file = issue({ no: 4, nextUpdate: '2026-06-15' });
    expect(await look(Date.UTC(2026, 4, 19) + MINUTE)).toEqual([fetched(4, true)]);
  });

  test('keeps the issue that it has where another comes under the same number', async () => {
    const { deps } = listen(house);
    const first = issue({ no: 3 });
    server.file = first;
    await keepMetadata(deps);
    server.file = issue({ no: 3, nextUpdate: '2099-01-01' });
    house.clock.advance(7 * DAY);
    await keepMetadata(deps);
    expect(server.asked).toBe(2);
    expect(await stored()).toEqual({ no: 3, file: first });
  });

  test('says what is wrong with the one that comes and with the one that is there', async () => {
    const { deps, said } = listen(house);
    server.file = '<html>Maintenance</html>';
    await keepMetadata(deps);
    expect(said()).toEqual([useless(NOT_FIDO), MISSING]);
    expect(await stored()).toBeUndefined();
    server.file = issue({ no: 3 });
    house.clock.advance(MINUTE - 1);
    await keepMetadata(deps);
    expect(said()).toEqual([MISSING]);
    house.clock.advance(1);
    await keepMetadata(deps);
    expect(said()).toEqual([fetched(3, true)]);
    await house.app.database.db
      .updateTable('key_metadata')
      .set({ file: issue({ no: 9, by: testRoot }), no: 9 })
      .execute();
    const forged = useless('its signer is not mds.fidoalliance.org, whoever vouches for it');
    house.clock.advance(MINUTE);
    server.status = 404;
    await keepMetadata(deps);
    expect(said()).toEqual([forged, useless('MDS_URL answers 404'), forged, MISSING]);
    house.clock.advance(MINUTE);
    server.status = 200;
    await keepMetadata(deps);
    expect(said()).toEqual([forged, fetched(3, true)]);
    expect((await stored())?.no).toBe(3);
  });

  test('reads an issue once, and not that of a list that is gone', async () => {
    const { deps } = listen(house);
    const now = house.clock.now();
    expect(await currentMetadata(deps, now)).toBeNull();
    const first = await usableMetadata(deps);
    expect(await currentMetadata(deps, now)).toBe(first);
    server.file = issue({ no: 2 });
    house.clock.advance(7 * DAY);
    await keepMetadata(deps);
    const second = await usableMetadata(deps);
    expect([first.no, second.no]).toEqual([1, 2]);
    expect(await currentMetadata(deps, now)).toBe(second);
    await house.app.database.db.deleteFrom('key_metadata').execute();
    expect(await currentMetadata(deps, now)).toBeNull();
  });

  test('takes a fault of the database for what it is, and not for one of the list', async () => {
    const { deps, said } = listen(house);
    await keepMetadata(deps);
    said();
    await sql`drop table key_metadata`.execute(house.app.database.db);
    const look = () => metadataDoctor.look(deps, house.clock.now());
    for (const ask of [() => keepMetadata(deps), () => usableMetadata(deps), look])
      await expect(ask()).rejects.toThrow(/key_metadata/);
    expect(said()).toEqual([]);
  });
});

describe('R23: a file of the operator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-models-'));
  const file = join(folder, 'fido.jwt');
  const house = sharedHouse({
    env: {
      MDS_FILE: file,
      get MDS_URL() {
        return server.url;
      },
    },
  });
  writeFileSync(file, '');
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => expect(server.asked).toBe(0));
  const doctor = () => metadataDoctor.look(house.app.deps, house.clock.now());
  const sick = (why: string) => ({
    ok: false,
    message: `no new key is accepted, since its model can't be looked up: ${why}`,
  });

  test('is looked at only where models are demanded', async () => {
    const { deps, said } = listen(house);
    await keepMetadata(deps);
    expect(said()).toEqual([]);
    expect(await doctor()).toEqual({ ok: true, message: 'keys of any model may be added' });
  });

  test('that is of no use is told, and nothing is fetched in its place', async () => {
    await demandModels(house, 'certified');
    const { deps, said } = listen(house);
    const { browser } = await somebodyProtected(house);
    const cases = [
      { why: NOT_FIDO, become: () => writeFileSync(file, 'a.b.c.d') },
      { why: 'MDS_FILE names a file that cannot be read', become: () => rmSync(file) },
    ];
    for (const { why, become } of cases) {
      become();
      await keepMetadata(deps);
      expect(said()).toEqual([useless(why), MISSING]);
      expect(await doctor()).toEqual(sick(why));
      const page = await browser.get(KEYS);
      expect([page.status, page.headers['retry-after']]).toEqual([503, '60']);
    }
  });

  test('is read once as long as nobody writes it', async () => {
    const now = house.clock.now();
    const read = () => currentMetadata(house.app.deps, now);
    writeFileSync(file, issue());
    const first = await read();
    expect(await read()).toBe(first);
    utimesSync(file, 1, 1);
    const second = await read();
    expect(second).toEqual(first);
    expect(second).not.toBe(first);
  });
});
