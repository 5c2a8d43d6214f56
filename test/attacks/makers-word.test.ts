import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordsOf, somebodyProtected } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import {
  demandModels,
  entryOf,
  issue,
  type Maker,
  maker,
  modelOf,
  trustTestRoot,
} from '../kit/key-models.ts';
import { addKey, expectRefused, keyRow } from '../kit/keys.ts';
import { type MetadataServer, startMetadataServer } from '../kit/metadata-server.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const REFUSED = 'Your organisation accepts only certain models of keys. This isn’t one of them';

let server: MetadataServer;
beforeAll(async () => {
  trustTestRoot();
  server = await startMetadataServer('');
});
afterAll(() => server.close());

describe('R23: the word of a key’s maker', () => {
  const house = sharedHouse({
    env: {
      get MDS_URL() {
        return server.url;
      },
    },
  });
  const root = (made: Maker) => made.root.der.toString('base64');
  /** A model that FIDO certified, with something else in place of what it says of its attestations. */
  function certified(statement: (made: Maker) => object, made = maker()) {
    const entry = entryOf(made, 'FIDO_CERTIFIED');
    return {
      made,
      entry: { ...entry, metadataStatement: { ...entry.metadataStatement, ...statement(made) } },
    };
  }
  const good = [
    certified(() => ({ attestationTypes: ['attca'] })),
    certified(() => ({ attestationTypes: ['basic_surrogate', 'basic_full'] })),
    // A root that nobody can read says nothing against the one beside it.
    certified((made) => ({ attestationRootCertificates: ['AAAA', root(made), root(maker())] })),
  ];
  const bad = [
    // Models whose keys vouch for themselves, or hide who made them.
    certified(() => ({ attestationTypes: ['basic_surrogate'] })),
    certified(() => ({ attestationTypes: ['ecdaa', 'anonca'] })),
    certified(() => ({ attestationTypes: [] })),
    certified(() => ({ attestationRootCertificates: [] })),
    certified(() => ({ attestationRootCertificates: ['AAAA'] })),
    certified(() => ({ attestationRootCertificates: [root(maker())] })),
    certified(() => ({}), maker({ until: 2025 })),
  ];
  beforeEach(() => {
    server.file = issue({ entries: [...good, ...bad].map(({ entry }) => entry) });
  });

  test('counts where the model is one whose maker vouches, by one root that it names', async () => {
    await demandModels(house, 'certified');
    const { browser } = await somebodyProtected(house);
    for (const { made } of good) {
      const key = new Authenticator(modelOf(made));
      expect((await addKey(browser, key)).status).toBe(303);
      expect(await keyRow(house, key)).not.toBeNull();
    }
  });

  test('is recorded where it proves nothing, and where nobody asked for that model', async () => {
    await demandModels(house, 'certified');
    const { person, browser } = await somebodyProtected(house);
    const refuse = async (made: Maker) => {
      const key = new Authenticator(modelOf(made));
      expectRefused(await addKey(browser, key), REFUSED);
      expect(await keyRow(house, key)).toBeNull();
    };
    for (const { made } of bad) await refuse(made);
    const stranger = maker();
    await demandModels(house, stranger.aaguid);
    const unlisted = good[0]?.made as Maker;
    await refuse(unlisted);
    const refusals = (await recordsOf(house, person, 'factor.refused')).map(
      ({ outcome, method, detail }) => ({ outcome, method, ...JSON.parse(detail) }),
    );
    const told = (aaguid: string, reason: string) => ({
      outcome: 'failure',
      method: 'webauthn',
      aaguid,
      reason,
    });
    expect(refusals).toEqual([
      ...bad.map(({ made }) => told(made.aaguid, 'unproven')),
      told(unlisted.aaguid, 'unlisted'),
    ]);
  });
});
