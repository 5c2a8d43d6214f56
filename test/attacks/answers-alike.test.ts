import { describe, expect, test } from 'vitest';
import { planted, somebody, someEmail, TERSE } from '../kit/attack-kit.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { guess, stranger } from '../kit/strangers.ts';

describe.each(ENGINES)('strangers at the door, on %s', (engine) => {
  const house = sharedHouse({ engine });

  /** What an observer sees of an answer. */
  function seen(page: Page, email: string): unknown {
    const { 'content-security-policy': csp, date, 'x-request-id': id, ...headers } = page.headers;
    // What a passkey is asked to sign is another one each time, of one length.
    const text = page.body.replace(/(?<=challenge&quot;:&quot;)[\w-]{43}/, '');
    const body = text.replaceAll(email, '·').replace(/nonce="[^"]+"/g, '');
    const policy = String(csp).replace(/'nonce-[^']+'/, '');
    const cookies = String(headers['set-cookie'] ?? '').replace(/passkey=[^;]+/, ({ length }) => `${length}`);
    const traced = [date, id].map((value) => typeof value);
    return { status: page.status, headers: { ...headers, 'set-cookie': cookies }, policy, body, traced };
  }

  test('A47/R55: sign-in, sign-up and a forgotten password answer alike for every kind of address', async () => {
    const pad = (name: string) => `${name.padEnd(12, 'x')}@example.org`;
    const emails = {
      unknown: pad(`u${engine}`),
      plain: pad(`p${engine}`),
      protected_: pad(`f${engine}`),
      unproven: pad(`n${engine}`),
      suspended: pad(`s${engine}`),
      invited: pad(`i${engine}`),
      recovery: pad(`r${engine}`),
    };
    await somebody(house, { email: emails.plain });
    await planted(house, { email: emails.protected_ });
    await somebody(house, { email: emails.unproven, proven: false });
    const suspended = await somebody(house, { email: emails.suspended });
    const invited = await somebody(house, { email: emails.invited });
    const other = await somebody(house);
    const { db } = house.app.database;
    await db.updateTable('account').set({ suspended_at: 1 }).where('id', '=', suspended.id).execute();
    await db.updateTable('account').set({ password_hash: null }).where('id', '=', invited.id).execute();
    await db
      .insertInto('email_address')
      .values({
        address_key: emails.recovery,
        account_id: other.id,
        address: emails.recovery,
        kind: 'recovery',
        proven_at: 1,
        created_at: 1,
      })
      .execute();
    for (const ask of [
      (browser: Browser, email: string) => browser.post('/sign-in', { email, password: 'not the password' }),
      (browser: Browser, email: string) => guess(browser, email, 1),
      (browser: Browser, email: string) => browser.post('/forgot-password', { email }),
      (browser: Browser, email: string) => browser.post('/forgot-password', { email }, TERSE),
      (browser: Browser, email: string) => browser.post('/sign-up', { name: 'Anybody', email }),
      (browser: Browser, email: string) => browser.post('/sign-up', { name: 'Anybody', email }, TERSE),
    ]) {
      const pages = [];
      for (const email of Object.values(emails)) pages.push(seen(await ask(stranger(house), email), email));
      for (const page of pages) expect(page).toEqual(pages[0]);
    }
    // With the right password too, somebody suspended is nobody.
    const known = await stranger(house).post('/sign-in', {
      email: emails.suspended,
      password: suspended.password,
    });
    const nobody = await stranger(house).post('/sign-in', {
      email: emails.unknown,
      password: suspended.password,
    });
    expect(seen(known, emails.suspended)).toEqual(seen(nobody, emails.unknown));
  });

  test('A47/R55: unknown addresses meet the same waits as known ones', async () => {
    const person = await somebody(house);
    const statuses: number[][] = [];
    for (const email of [person.email, someEmail('nobody')]) {
      const browser = stranger(house);
      const answers: number[] = [];
      for (let n = 0; n < 13; n++) answers.push((await guess(browser, email, n)).status);
      const last = await guess(browser, email, 20);
      answers.push(Number(last.headers['retry-after']));
      statuses.push(answers);
    }
    expect(statuses[0]).toEqual(statuses[1]);
    expect(statuses[0]).toEqual([...Array(10).fill(422), 429, 429, 429, 30]);
    for (const path of ['/forgot-password', '/sign-up']) {
      const rounds: string[] = [];
      for (const email of [person.email, someEmail('nobody')]) {
        const browser = stranger(house);
        const answers: number[] = [];
        const fields = path === '/sign-up' ? { email, name: 'N' } : { email };
        for (let n = 0; n < 12; n++) answers.push((await browser.post(path, fields, TERSE)).status);
        rounds.push(answers.join());
      }
      expect(rounds[0]).toBe(rounds[1]);
      expect(rounds[0]).toContain('429');
    }
  });

  test('R55: mails leave after the answer, not before it', async () => {
    const person = await somebody(house);
    await house.mails();
    await stranger(house).post('/forgot-password', { email: person.email });
    const { db } = house.app.database;
    const sent = await db.selectFrom('mailbox').select('id').execute();
    const tasks = await db.selectFrom('outbox').select('kind').where('sent_at', 'is', null).execute();
    expect(tasks.some(({ kind }) => kind === 'forgot-password')).toBe(true);
    await house.mails();
    expect((await db.selectFrom('mailbox').select('id').execute()).length).toBe(sent.length + 1);
  });

  test('R45/R55: nobody can have a mailbox filled by asking again and again', async () => {
    const person = await somebody(house);
    let asked = 0;
    for (let n = 0; n < 30; n++) {
      const email = n % 3 ? person.email : person.email.toUpperCase();
      const answer = await stranger(house).post('/forgot-password', { email }, TERSE);
      if (answer.status === 303) asked++;
    }
    expect(asked).toBeLessThanOrEqual(11);
    expect((await house.mails(person.email)).length).toBeLessThanOrEqual(11);
  });
});
