import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY } from '../kit/attack-kit.ts';
import { ENGINES, type EngineName, type House } from '../kit/house.ts';
import { addPerson, addProtectedPerson, enterPassword, isSignedIn } from '../kit/people.ts';
import { newGroup, setValue } from '../kit/rules-kit.ts';
import { openOffice, type Run } from './operator.ts';

const URI = ['--redirect-uri', 'https://wiki.example.org/callback'];

describe.each(ENGINES)(
  'the operator sets the two-factor rule beside a running server on %s',
  (engine: EngineName) => {
    let house: House;
    let run: Run;
    beforeAll(async () => {
      ({ house, run } = await openOffice({ engine }));
    });
    afterAll(() => house.close());

    test('looks first, requires, looks at the rules, and makes it optional again', async () => {
      const ann = await addPerson(house, { email: 'ann@example.org', name: 'Ann' });
      const bob = await addPerson(house, { email: 'bob@example.org', name: 'Bob', roles: 'admin' });
      await addProtectedPerson(house, { email: 'cem@example.org', name: 'Cem' });
      const group = await newGroup(house, 'Accounting', [ann]);
      const browser = house.browser();
      await enterPassword(browser, ann);

      const people = await run('rules', 'preview');
      expect(people.lines).toEqual([
        '2 without a second factor: 1 signed in now, 1 never signed in, 1 administrators',
        'ann@example.org  Ann  (signed in now)',
        'bob@example.org  Bob  (never signed in, admin)',
      ]);
      const json = await run('rules', 'preview', '--group', 'accounting', '--json');
      expect(json.lines.map((line) => JSON.parse(line))).toEqual([
        { stopped: 1, signed_in: 1, never_signed_in: 0, administrators: 0 },
        {
          id: ann.id,
          email: ann.email,
          name: 'Ann',
          signed_in: true,
          never_signed_in: false,
          administrator: false,
        },
      ]);
      expect(await isSignedIn(browser)).toBe(true);

      const set = await run('rules', 'set', 'two-factor', 'required', '--group', 'Accounting', '--json');
      expect(set.json()).toMatchObject({
        group: 'Accounting',
        two_factor: 'required',
        without_factor: 1,
        changed: true,
      });
      expect(await isSignedIn(browser)).toBe(false);
      const day = new Date(Date.now() + 30 * DAY).toISOString().slice(0, 10);
      const later = await run('rules', 'set', 'two-factor', 'required', '--from', day);
      expect(later.stdout).toBe(
        `Two factors for everybody: required from ${day}T00:00:00.000Z. Without a factor: 2.\n`,
      );
      await setValue(house, 'forbidden_factors', ['sms']);
      const shown = (await run('rules', 'show', '--json')).json<{ two_factor: object[]; values: object }>();
      expect(shown.two_factor).toMatchObject([
        { group: null, required_from_at: Date.parse(day), in_force: false },
        { group: 'Accounting', in_force: true },
      ]);
      expect(shown.values).toMatchObject({
        forbidden_factors: ['sms'],
        keys_first: 'after',
        trusted_browsers: 'allowed',
        recovery_wait_hours: 24,
        password_min_length: 12,
        reminders: 'on',
      });
      expect((await run('rules', 'show')).stdout).toContain('Accounting: required since');

      const optional = await run('rules', 'set', 'two-factor', 'optional', '--group', 'ACCOUNTING');
      expect(optional.stdout).toBe('Accounting: two factors are optional.\n');
      const again = await run('rules', 'set', 'two-factor', 'optional', '--group', group.name, '--json');
      expect(again.json()).toEqual({ group: 'Accounting', two_factor: 'optional', changed: false });
      expect((await enterPassword(house.browser(), ann)).location).toBe('/');
      expect(bob.id).not.toBe(ann.id);

      const events = await run('audit', 'export', '--since', '0');
      const rules = events.lines
        .map((line) => JSON.parse(line))
        .filter(({ event }) => event.startsWith('policy.rule'));
      expect(rules.map(({ event, actor, detail }) => [event, actor, detail.group])).toEqual([
        ['policy.rule_set', 'operator', group.id],
        ['policy.rule_set', 'operator', null],
        ['policy.rule_dropped', 'operator', group.id],
      ]);
    });

    test('an app alone: who may open it is looked at, it demands two factors from a day on, and no longer', async () => {
      const dee = await addPerson(house, { email: 'dee@example.org', name: 'Dee' });
      const group = await newGroup(house, 'Wiki people', [dee]);
      const made = await run('client', 'create', '--name', 'Wiki', '--group', group.name, ...URI, '--json');
      const { client_id: id } = made.json<{ client_id: string }>();
      const ofWiki = ['--client', id];

      expect((await run('rules', 'preview', ...ofWiki)).lines).toEqual([
        '1 without a second factor: 0 signed in now, 1 never signed in, 0 administrators',
        'dee@example.org  Dee  (never signed in)',
      ]);
      const day = new Date(Date.now() + 9 * DAY).toISOString().slice(0, 10);
      const later = await run('rules', 'set', 'two-factor', 'required', '--from', day, ...ofWiki);
      expect(later.stdout).toBe(
        `Two factors for the app Wiki (${id}): required from ${day}T00:00:00.000Z. Without a factor: 1.\n`,
      );
      expect((await run('rules', 'show')).stdout).toContain(`the app Wiki (${id}): required from ${day}`);
      const now = (await run('rules', 'set', 'two-factor', 'required', ...ofWiki, '--json')).json();
      expect(now).toMatchObject({ client: id, two_factor: 'required', without_factor: 1, changed: true });
      const shown = (await run('rules', 'show', '--json')).json<{ two_factor_apps: object[] }>();
      expect(shown.two_factor_apps).toMatchObject([{ client: id, name: 'Wiki', in_force: true }]);
      const optional = await run('rules', 'set', 'two-factor', 'optional', ...ofWiki, '--json');
      expect(optional.json()).toEqual({ client: id, two_factor: 'optional', changed: true });
      expect((await run('rules', 'show', '--json')).json()).toMatchObject({ two_factor_apps: [] });

      for (const args of [
        ['preview'],
        ['set', 'two-factor', 'required'],
        ['set', 'two-factor', 'optional'],
      ]) {
        const { code, stderr } = await run('rules', ...args, '--client', 'nobody', '--json');
        expect([code, JSON.parse(stderr).code]).toEqual([1, 'not_found']);
        expect((await run('rules', ...args, ...ofWiki, '--group', 'Accounting')).code).toBe(2);
      }
    });

    test('a group that there is not is refused with 1, whatever is asked of it', async () => {
      for (const args of [
        ['preview', '--group', 'Nobody'],
        ['set', 'two-factor', 'required', '--group', 'Nobody'],
        ['set', 'two-factor', 'optional', '--group', 'Nobody'],
      ]) {
        const { code, stdout, stderr } = await run('rules', ...args, '--json');
        expect([code, stdout]).toEqual([1, '']);
        expect(JSON.parse(stderr)).toEqual({
          code: 'not_found',
          message: 'There is no group called "Nobody".',
        });
      }
    });
  },
);
