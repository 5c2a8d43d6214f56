import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../../src/kit/random.ts';

/** A key ring in a file of its own, as the product keeps it, and the variables that name it. */
export function keyFile(): { path: string; env: { KEYS: string; KEYS_FILE: string }; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-ring-'));
  const path = join(folder, 'keys.json');
  const ring = { active: 'k1', keys: { k1: systemRandom.bytes(32).toString('base64') } };
  writeFileSync(path, JSON.stringify(ring), { mode: 0o600 });
  return { path, env: { KEYS: '', KEYS_FILE: path }, remove: () => rmSync(folder, { recursive: true }) };
}
