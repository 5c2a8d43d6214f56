import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metadataDoctor } from '../../src/factors/webauthn/metadata/doctor.ts';
import { type Metadata, readMetadata } from '../../src/factors/webauthn/metadata/read-metadata.ts';
import { keepMetadata } from '../../src/factors/webauthn/metadata/refresh-metadata.ts';
import { DAY, HOUR, recordsOf, somebodyProtected } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Page, textOf } from '../kit/browser.ts';
import { certify } from '../kit/certificates.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import {
  demandModels,
  entryOf,
  type Issue,
  issue,
  type Maker,
  maker,
  modelOf,
  testRoot,
  trustTestRoot,
} from '../kit/key-models.ts';
import { addKey, expectRefused, keyRow, optionsOf, signInWithKey } from '../kit/keys.ts';
import { type MetadataServer, startMetadataServer } from '../kit/metadata-server.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const KEYS = '/account/security/keys';
const REFUSED = 'Your organisation accepts only certain models of keys. This isn’t one of them';
const UNAVAILABLE = 'we can’t look up which models your organisation accepts';

const [certified, uncertified, stranger] = [maker(), maker(), maker()];
const compromised = [
  'REVOKED',
  'USER_VERIFICATION_BYPASS',
  'ATTESTATION_KEY_COMPROMISE',
  'USER_KEY_REMOTE_COMPROMISE',
  'USER_KEY_PHYSICAL_COMPROMISE',
].map((status) => ({ status, made: maker() }));

const entries = [
  entryOf(certified, 'FIDO_CERTIFIED_L1'),
  entryOf(uncertified, 'NOT_FIDO_CERTIFIED', 'SELF_ASSERTION_SUBMITTED'),
  ...compromised.map(({ status, made }) => entryOf(made, 'FIDO_CERTIFIED_L2', status, 'UPDATE_AVAILABLE')),
  { aaid: '4e4e#4005', statusReports: [] },
];

beforeAll(trustTestRoot);

describe.each(ENGINES)('on %s', (engine) => {
  let server: MetadataServer;
  let house: House;
  beforeAll(async () => {
    server = await startMetadataServer(issue({ entries }));
    house = await openHouse({ engine, env: { MDS_URL: server.url } });
  });
  afterAll(async () => {
    await house.close();
    await server.close();
  });
  const keyOf = (made: Maker) => new Authenticator(modelOf(made));

  test('R23: by default any key will do, nobody asks who made it, and no list is fetched', async () => {
    const { browser } = await somebodyProtected(house);
    expect(optionsOf(await browser.get(KEYS), KEYS).attestation).toBe('none');
    expect((await addKey(browser, keyOf(stranger))).status).toBe(303);
    await keepMetadata(house.app.deps);
    expect(server.asked).toBe(0);
  });

  test('R23: where models are demanded, a certified one is added on its maker’s word, and others are not', async () => {
    await demandModels(house, 'certified');
    const { person, browser } = await somebodyProtected(house);
    const page = await browser.get(KEYS);
    expect(optionsOf(page, KEYS).attestation).toBe('direct');
    expect(textOf(page.body)).toContain('accepts only certain models of keys');
    const key = keyOf(certified);
    expect((await addKey(browser, key)).status).toBe(303);
    expect((await signInWithKey(house, person, key)).answer.location).toBe('/');

    expectRefused(await addKey(browser, keyOf(stranger)), REFUSED);
    expectRefused(await addKey(browser, keyOf(uncertified)), REFUSED);
    for (const { made } of compromised) expectRefused(await addKey(browser, keyOf(made)), REFUSED);
    const records = await recordsOf(house, person, 'factor.refused');
    expect(records.map(({ detail }) => JSON.parse(detail))).toEqual([
      { aaguid: stranger.aaguid, reason: 'unknown' },
      { aaguid: uncertified.aaguid, reason: 'uncertified' },
      ...compromised.map(({ made }) => ({ aaguid: made.aaguid, reason: 'compromised' })),
    ]);
    expect(server.asked).toBe(1);
  });

  test('R23: what a key says of itself is no proof of its model', async () => {
    await demandModels(house, 'certified');
    const { browser } = await somebodyProtected(house);
    const add = (key: Authenticator, twist = {}): Promise<Page> => addKey(browser, key, {}, twist);
    expectRefused(await add(keyOf(certified), { attest: 'nothing' }), REFUSED);
    expectRefused(await add(keyOf(certified), { attest: 'self' }), REFUSED);
    // Another maker's certificate, which its own root signed.
    const { attestation } = modelOf(stranger);
    if (!attestation) throw new Error('the stranger vouches for nothing');
    const other = certify({
      subject: { C: 'SE', O: 'Maker', OU: 'Authenticator Attestation', CN: 'Key' },
      issuer: stranger.root,
      aaguid: certified.aaguid,
    });
    expectRefused(
      await add(
        new Authenticator({ aaguid: certified.aaguid, attestation: { key: other.key, x5c: [other.der] } }),
      ),
      REFUSED,
    );
    // The right certificate, and a signature by somebody else.
    expectRefused(await add(keyOf(certified), { bogusSignature: true }), 'The key was not added');
    // The certificate names another model.
    expectRefused(
      await add(new Authenticator({ aaguid: certified.aaguid, attestation })),
      'The key was not added',
    );
  });

  test('R23: of a list of models those that it names, and of a slip of the hand none', async () => {
    const { browser } = await somebodyProtected(house);
    await demandModels(house, `${uncertified.aaguid.toUpperCase()}, ${compromised[0]?.made.aaguid}`);
    expect((await addKey(browser, keyOf(uncertified))).status).toBe(303);
    expectRefused(await addKey(browser, keyOf(certified)), REFUSED);
    expectRefused(await addKey(browser, keyOf(compromised[0]?.made as Maker)), REFUSED);
    await demandModels(house, 'certifed');
    expectRefused(await addKey(browser, keyOf(certified)), REFUSED);
  });
});

describe('as time goes by', () => {
  let server: MetadataServer;
  let house: House;
  beforeAll(async () => {
    server = await startMetadataServer(issue({ no: 7, entries }));
    house = await openHouse({ env: { MDS_URL: server.url } });
    await demandModels(house, 'certified');
  });
  afterAll(async () => {
    await house.close();
    await server.close();
  });
  const look = () => metadataDoctor.look(house.app.deps, house.clock.now());

  test('R23: a stale list closes the door to new keys only; the alarm comes before', async () => {
    expect(await look()).toEqual({ ok: false, message: expect.stringContaining('has not been fetched yet') });
    await keepMetadata(house.app.deps);
    expect(await look()).toEqual({
      ok: true,
      message: expect.stringContaining('no. 7: the next one is due on 2026-06-01'),
    });
    const { person, browser } = await somebodyProtected(house);
    const key = new Authenticator(modelOf(certified));
    expect((await addKey(browser, key)).status).toBe(303);

    house.clock.advance(Date.UTC(2026, 5, 4) - house.clock.now());
    await keepMetadata(house.app.deps);
    expect(await look()).toEqual({ ok: false, message: expect.stringContaining('from 2026-06-05 on') });
    const late = await signInWithKey(house, person, key);
    expect((await addKey(late.browser, new Authenticator(modelOf(certified)))).status).toBe(303);

    house.clock.advance(DAY);
    const { browser: again, answer } = await signInWithKey(house, person, key);
    expect(answer.location).toBe('/');
    const page = await again.get(KEYS);
    expect(page.status).toBe(503);
    expect(textOf(page.body)).toContain(UNAVAILABLE);
    expect((await again.post(KEYS, { credential: '{}' })).status).toBe(503);
    expect(await look()).toEqual({ ok: false, message: expect.stringContaining('did not come') });

    server.file = issue({ no: 8, nextUpdate: '2026-07-01', entries });
    house.clock.advance(HOUR);
    const { browser: last } = await signInWithKey(house, person, key);
    expect((await addKey(last, new Authenticator(modelOf(certified)))).status).toBe(303);
  });

  test('R23: neither an older issue nor a forged one takes the place of the one that we have', async () => {
    const numbers = async () => {
      const { db } = house.app.database;
      return (await db.selectFrom('key_metadata').select('no').execute()).map(({ no }) => no);
    };
    const [head = '', body = '', signature = ''] = issue({ no: 9, entries }).split('.');
    const changed = Buffer.from(body, 'base64url')
      .toString()
      .replace('FIDO_CERTIFIED_L1', 'FIDO_CERTIFIED_L3');
    const others = [
      issue({ no: 6 }),
      `${head}.${Buffer.from(changed).toString('base64url')}.${signature}`,
      '<html>Maintenance</html>',
    ];
    for (const file of others) {
      server.file = file;
      house.clock.advance(8 * DAY);
      const before = server.asked;
      await keepMetadata(house.app.deps);
      expect(server.asked).toBe(before + 1);
      expect(await numbers()).toEqual([8]);
    }
    server.status = 500;
    server.file = issue({ no: 9 });
    house.clock.advance(8 * DAY);
    await keepMetadata(house.app.deps);
    expect(await numbers()).toEqual([8]);
    server.status = 200;
    house.clock.advance(HOUR);
    await keepMetadata(house.app.deps);
    expect(await numbers()).toEqual([9]);
  });

  test('R23: a list that somebody changed in the database is not believed, and is fetched anew', async () => {
    const { db } = house.app.database;
    server.file = issue({ no: 10, nextUpdate: '2099-01-01', entries });
    house.clock.advance(8 * DAY);
    await keepMetadata(house.app.deps);
    await db
      .updateTable('key_metadata')
      .set({ file: issue({ no: 10, by: testRoot }), fetched_at: 1 })
      .execute();
    expect(await look()).toEqual({ ok: false, message: expect.stringContaining('its signer is not') });
    house.clock.advance(HOUR);
    await keepMetadata(house.app.deps);
    expect((await look()).ok).toBe(true);
  });

  test('R23: two processes fetch once', async () => {
    const twin = await house.twin();
    house.clock.advance(8 * DAY);
    const before = server.asked;
    await Promise.all([keepMetadata(house.app.deps), keepMetadata(twin.app.deps)]);
    expect(server.asked).toBe(before + 1);
  });
});

describe('from a file of the operator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-models-'));
  const file = join(folder, 'fido.jwt');
  writeFileSync(file, '');
  const house = sharedHouse({ env: { MDS_FILE: file } });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('R23: it is read whenever it changes, and without it no new key is accepted', async () => {
    await demandModels(house, 'certified');
    const { browser } = await somebodyProtected(house);
    expect((await browser.get(KEYS)).status).toBe(503);
    rmSync(file);
    expect((await browser.get(KEYS)).status).toBe(503);
    writeFileSync(file, issue({ entries: [] }));
    const key = new Authenticator(modelOf(certified));
    expectRefused(await addKey(browser, key), REFUSED);
    writeFileSync(file, issue({ no: 2, entries }));
    expect((await addKey(browser, key)).status).toBe(303);
    expect(await keyRow(house, key)).not.toBeNull();
  });
});

describe('R23: a list is read only if FIDO signed it', () => {
  const now = Date.UTC(2026, 4, 3);
  const read = (file: string): Metadata => readMetadata(file, [testRoot.certificate], now);
  const foreign = certify({ subject: { CN: 'Foreign Root' }, ca: true });
  const fido = { subject: { CN: 'mds.fidoalliance.org' }, hosts: ['mds.fidoalliance.org'] };
  const leaf = certify({ subject: { CN: 'Anybody' }, hosts: ['example.org'], issuer: testRoot });
  const between = certify({ subject: { CN: 'Between' }, ca: true, issuer: testRoot });

  test('through an authority between, and whatever stands behind it', () => {
    const by = certify({ ...fido, issuer: between });
    expect(read(issue({ entries, by, chain: [by, between] })).models.size).toBe(entries.length - 1);
    expect(read(issue({ by, chain: [by, between, foreign] })).no).toBe(1);
  });

  const outdated = certify({ ...fido, issuer: testRoot, until: 2025 });
  const early = certify({ ...fido, issuer: testRoot, from: 2027 });
  const byForeign = certify({ ...fido, issuer: foreign });
  const byLeaf = certify({ ...fido, issuer: leaf });
  const good = certify({ ...fido, issuer: testRoot });
  const cases: [what: string, wish: Issue, why: string][] = [
    ['by another root', { by: byForeign }, 'do not lead to the root'],
    ['by another root that comes along', { by: byForeign, chain: [byForeign, foreign] }, 'do not lead'],
    ['by a certificate that is no authority', { by: byLeaf, chain: [byLeaf, leaf] }, 'do not lead'],
    ['for another name', { by: leaf }, 'its signer is not mds.fidoalliance.org'],
    ['with a certificate of last year', { by: outdated }, 'have run out'],
    ['with a certificate of next year', { by: early }, 'do not lead'],
    ['by another key than its certificate’s', { by: foreign, chain: [good] }, 'its signature is wrong'],
    ['with no algorithm', { alg: 'none' }, 'its signature is wrong'],
    ['with an algorithm of another kind of key', { alg: 'RS256' }, 'its signature is wrong'],
    ['without a day', { nextUpdate: 'soon' }, 'not what FIDO publishes'],
  ];
  test.each(cases)('not %s', (_what, wish, why) => {
    expect(() => read(issue(wish))).toThrow(why);
  });
});
