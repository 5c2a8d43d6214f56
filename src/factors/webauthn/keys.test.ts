import { expect, test } from 'vitest';
import type { Deps } from '../../deps.ts';
import { systemRandom } from '../../kit/random.ts';
import { createSeal, SealBroken } from '../../kit/seal.ts';
import type { FactorRow } from '../factor.ts';
import { keysAmong, openKey, sealKey, usableKeys } from './keys.ts';
import type { KeyData } from './rules.ts';

const ring = { active: 'one', keys: new Map([['one', Buffer.alloc(32, 1)]]) };
const seal = createSeal(ring, systemRandom);
const deps = { seal, config: { baseUrl: 'https://id.example.org' } } as unknown as Deps;

function row(id: string, values: Partial<FactorRow> = {}, rpId = 'id.example.org'): FactorRow {
  const data = { rpId, publicKey: id } as KeyData;
  const sealed_data = sealKey(deps, 'ann', id, data);
  return { id, account_id: 'ann', kind: 'webauthn', suspended_at: null, sealed_data, ...values } as FactorRow;
}

test('R12: what is kept of a key opens for its own account and factor alone', () => {
  expect(openKey(deps, row('blue')).data).toEqual({ rpId: 'id.example.org', publicKey: 'blue' });
  for (const moved of [{ account_id: 'bob' }, { id: 'red' }, { sealed_data: null }])
    expect(() => openKey(deps, row('blue', moved))).toThrow(SealBroken);
});

test('a suspended key, and one that is bound to another name, are keys and answer nothing', () => {
  const app = { id: 'app', kind: 'totp', suspended_at: null } as FactorRow;
  const all = [app, row('off', { suspended_at: 1 }), row('elsewhere', {}, 'old.example.org'), row('blue')];
  expect(keysAmong(all).map(({ id }) => id)).toEqual(['off', 'elsewhere', 'blue']);
  expect(usableKeys(deps, all).map(({ factor }) => factor.id)).toEqual(['blue']);
});
