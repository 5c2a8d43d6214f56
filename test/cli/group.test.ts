import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, type EngineName, type House } from '../kit/house.ts';
import { addPerson } from '../kit/people.ts';
import { openOffice, type Run } from './operator.ts';

describe.each(ENGINES)('groups by the operator on %s', (engine: EngineName) => {
  let house: House;
  let run: Run;
  beforeAll(async () => {
    ({ house, run } = await openOffice({ engine }));
    for (const name of ['ann', 'bob']) await addPerson(house, { email: `${name}@example.org`, name });
  });
  afterAll(() => house.close());

  test('create, add, remove, list', async () => {
    const made = await run('group', 'create', 'Sales & Service', '--json');
    const { id } = made.json<{ id: string }>();
    expect([made.code, made.json()]).toEqual([0, { id, name: 'Sales & Service' }]);
    const added = await run(
      'group',
      'add',
      'sales & service',
      'ANN@example.org',
      'bob@example.org',
      '--json',
    );
    expect(added.json()).toEqual({
      id,
      name: 'Sales & Service',
      added: ['ann@example.org', 'bob@example.org'],
      unchanged: [],
    });
    expect((await run('group', 'add', 'Sales & Service', 'bob@example.org')).lines).toEqual([
      'Already in it: bob@example.org',
    ]);
    await run('group', 'create', 'Lab');
    expect((await run('group', 'list')).lines).toEqual(['Lab  (0)', 'Sales & Service  (2)']);
    const lines = (await run('group', 'list', '--json')).lines.map((line) => JSON.parse(line));
    expect(lines).toContainEqual({ id, name: 'Sales & Service', members: 2 });
    expect((await run('group', 'remove', 'Sales & Service', 'ann@example.org')).lines).toEqual([
      'Removed from "Sales & Service": ann@example.org',
    ]);
    const left = await run('group', 'remove', 'Sales & Service', 'ann@example.org', '--json');
    expect(left.json()).toMatchObject({ removed: [], unchanged: ['ann@example.org'] });
    const records = (await run('audit', 'export', '--since', '0')).lines.map((line) => JSON.parse(line));
    const told = records
      .filter(({ event }) => event.startsWith('group.'))
      .map(({ event, actor }) => [event, actor]);
    expect(told).toEqual(
      ['group.created', 'group.joined', 'group.joined', 'group.created', 'group.left'].map((event) => [
        event,
        'operator',
      ]),
    );
  });

  test('one address that there is not, and nothing is changed', async () => {
    await run('group', 'create', 'Madrid');
    const answer = await run('group', 'add', 'Madrid', 'ann@example.org', 'nobody@example.org', '--json');
    expect([answer.code, JSON.parse(answer.stderr).code]).toEqual([1, 'not_found']);
    expect((await run('group', 'list')).stdout).toContain('Madrid  (0)');
    const unknown = await run('group', 'add', 'Nowhere', 'ann@example.org');
    expect([unknown.code, unknown.stderr]).toEqual([1, 'countersign: There is no group "Nowhere".\n']);
    for (const name of ['Madrid', 'a,b']) {
      const refused = await run('group', 'create', name, '--json');
      expect([refused.code, JSON.parse(refused.stderr).code]).toEqual([1, 'invalid_input']);
    }
  });
});
