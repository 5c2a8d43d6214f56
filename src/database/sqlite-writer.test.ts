import { describe, expect, test, vi } from 'vitest';
import { createWriter } from './sqlite-writer.ts';

// Far less than the patience of the patient ones below.
vi.setConfig({ testTimeout: 5_000 });

/** A writer over a connection that only remembers what it was told. */
function writer() {
  const said: string[] = [];
  const { submit, drain } = createWriter(
    (sql) => said.push(sql),
    async (work) => work(),
  );
  return { submit, drain, commits: () => said.filter((sql) => sql === 'commit').length };
}

const nothing = async () => {};

describe('group commit', () => {
  test('transactions of one turn share a commit', async () => {
    const { submit, commits } = writer();
    await Promise.all([submit(nothing, 0), submit(nothing, 0), submit(nothing, 0)]);
    expect(commits()).toBe(1);
  });

  test('R81: one that throws is refused alone, and the others are kept', async () => {
    const { submit, commits } = writer();
    const [first, second] = await Promise.allSettled([
      submit(async () => 'kept', 0),
      submit(async () => {
        throw new Error('no');
      }, 0),
    ]);
    expect(first).toEqual({ status: 'fulfilled', value: 'kept' });
    expect(second.status).toBe('rejected');
    expect(commits()).toBe(1);
  });

  test('a patient one waits for company, and the next in a hurry takes it along', async () => {
    const { submit, commits } = writer();
    const patient = submit(nothing, 60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(commits()).toBe(0);
    await Promise.all([patient, submit(nothing, 0)]);
    expect(commits()).toBe(1);
  });

  test('a patient one that stays alone is committed when its patience ends', async () => {
    const { submit, commits } = writer();
    await submit(nothing, 5);
    expect(commits()).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    await submit(nothing, 10);
    expect(commits()).toBe(2);
  });

  test('one with less patience than those before it does not wait as long as they would', async () => {
    const { submit, commits } = writer();
    const patient = submit(nothing, 60_000);
    await Promise.all([patient, submit(nothing, 5)]);
    expect(commits()).toBe(1);
  });

  test('closing leaves nobody waiting', async () => {
    const { submit, drain, commits } = writer();
    const patient = submit(nothing, 60_000);
    await drain();
    await patient;
    expect(commits()).toBe(1);
  });
});
