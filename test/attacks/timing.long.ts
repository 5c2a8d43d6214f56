import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAddress } from '../../src/accounts/address.ts';
import { insertAccount } from '../../src/accounts/store.ts';
import { type App, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/kit/log.ts';
import { newId } from '../../src/kit/random.ts';

const PAIRS = 1_000;
const PASSWORD = 'mild-copper-walrus-42';

let app: App;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-timing-'));
  // The real hash and a durable database: what an observer would measure.
  app = await createApp(readConfig({ DATA_DIR: folder }), createLog('silent'));
  await app.server.ready();
  const { deps } = app;
  const password_hash = await deps.hasher.hash(PASSWORD);
  for (let n = 0; n < 200; n++) {
    const email = `known${String(n).padStart(4, '0')}@example.org`;
    const id = newId(deps.random);
    const account = {
      id,
      pseudonym: newId(deps.random),
      email,
      name: 'N',
      roles: '',
      created_at: 1,
      password_hash,
    };
    const key = readAddress(email)?.key as string;
    await deps.database.transaction((tx) => insertAccount(tx, account, key, 1));
  }
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

let networks = 0;
async function measure(path: string, fields: Record<string, string>): Promise<number> {
  networks++;
  const start = process.hrtime.bigint();
  const answer = await app.server.inject({
    method: 'POST',
    url: path,
    remoteAddress: `10.${networks >> 16}.${(networks >> 8) & 255}.${networks & 255}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    payload: new URLSearchParams(fields).toString(),
  });
  const took = Number(process.hrtime.bigint() - start);
  if (![303, 422].includes(answer.statusCode)) throw new Error(`${path} answered ${answer.statusCode}`);
  return took;
}

/** How often one of the first is slower than one of the second: 0.5 tells nothing. */
function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  const all = [...first.map((value) => [value, 1] as const), ...second.map((value) => [value, 0] as const)];
  all.sort(([a], [b]) => a - b);
  let ranks = 0;
  all.forEach(([, mine], index) => {
    if (mine) ranks += index + 1;
  });
  const n = first.length;
  return (ranks - (n * (n + 1)) / 2) / (n * second.length);
}

const ASKING: Readonly<Record<string, (email: string, n: number) => Promise<number>>> = {
  'sign-in': (email, n) => measure('/sign-in', { email, password: `not the password ${n}` }),
  'forgotten password': (email) => measure('/forgot-password', { email }),
  'sign-up': (email) => measure('/sign-up', { email, name: 'Anybody' }),
};

test.each(Object.keys(ASKING))(
  'A47: %s takes as long for an unknown address as for a known one',
  async (door) => {
    const ask = ASKING[door] as (email: string, n: number) => Promise<number>;
    const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    for (let n = 0; n < PAIRS + 20; n++) {
      const tail = `${String(n % 200).padStart(4, '0')}@example.org`;
      const pair = [
        ['known', `known${tail}`],
        ['unknown', `other${tail}`],
      ] as const;
      for (const [kind, email] of n % 2 ? pair : [...pair].reverse()) {
        const took = await ask(email, n);
        // The first warm the caches up.
        if (n >= 20) times[kind as 'known' | 'unknown'].push(took);
      }
    }
    const area = areaUnderCurve(times.known, times.unknown);
    console.log(`${door}: AUC ${area.toFixed(3)} over ${PAIRS} pairs`);
    expect(area).toBeGreaterThan(0.45);
    expect(area).toBeLessThan(0.55);
  },
);
