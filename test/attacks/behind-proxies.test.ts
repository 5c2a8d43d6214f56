import { beforeAll, describe, expect, test } from 'vitest';
import { somebody } from '../kit/attack-kit.ts';
import type { Person } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { guess } from '../kit/strangers.ts';

describe('R58: behind TRUSTED_PROXIES', () => {
  const house = sharedHouse({ env: { TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' } });
  let person: Person;
  beforeAll(async () => {
    person = await somebody(house);
  });

  const networkOf = async (peer: string, forwarded: string): Promise<string | null> => {
    const browser = house.browser();
    browser.network = peer;
    await guess(browser, person.email, 1, { 'x-forwarded-for': forwarded });
    const { db } = house.app.database;
    const row = await db
      .selectFrom('audit_event')
      .select('network')
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow();
    return row.network;
  };

  test('R58: the address is counted from the right, past trusted proxies only', async () => {
    expect(await networkOf('10.1.2.3', '198.51.100.7')).toBe('198.51.100.7');
    expect(await networkOf('10.1.2.3', '1.2.3.4, 198.51.100.7')).toBe('198.51.100.7');
    expect(await networkOf('127.0.0.1', '1.2.3.4, 198.51.100.8, 10.9.9.9')).toBe('198.51.100.8');
    expect(await networkOf('192.0.2.1', '1.2.3.4')).toBe('192.0.2.1');
    expect(await networkOf('192.0.2.1', '10.0.0.1, 127.0.0.1')).toBe('192.0.2.1');
  });

  test('R58: rotating what stands on the left wins nothing', async () => {
    const victim = await somebody(house);
    const browser = house.browser();
    browser.network = '10.1.2.3';
    for (let n = 0; n < 10; n++) {
      const answer = await guess(browser, victim.email, n, { 'x-forwarded-for': `1.2.3.${n}, 198.51.100.9` });
      expect(answer.status).toBe(422);
    }
    const held = await guess(browser, victim.email, 11, { 'x-forwarded-for': '9.9.9.9, 198.51.100.9' });
    expect(held.status).toBe(429);
  });

  test('R58: nor does the port that some proxies write behind the address', async () => {
    const victim = await somebody(house);
    const browser = house.browser();
    browser.network = '10.1.2.3';
    for (let n = 0; n < 10; n++) {
      const answer = await guess(browser, victim.email, n, {
        'x-forwarded-for': `198.51.100.30:${5000 + n}`,
      });
      expect(answer.status).toBe(422);
    }
    const held = await guess(browser, victim.email, 11, { 'x-forwarded-for': '198.51.100.30:6000' });
    expect(held.status).toBe(429);
    expect(await networkOf('10.1.2.3', '[2001:db8::7]:443')).toBe('2001:db8::7');
    expect(await networkOf('10.1.2.3', '::ffff:198.51.100.31')).toBe('198.51.100.31');
    // A proxy in front of the proxy, told with its port: what it says of the client still counts.
    expect(await networkOf('10.1.2.3', '198.51.100.32:5000, 10.1.2.4:6000')).toBe('198.51.100.32');
  });

  test('R58/R83: rubbish in the header is no fault, and X-Forwarded-Host and -Proto change nothing', async () => {
    for (const value of [
      '',
      ',,,',
      'unknown',
      'evil<script>',
      '::',
      'a:b:c',
      '%00',
      '1.2.3.4:5678',
      '[::1]:80',
      "';drop",
      'x'.repeat(5000),
    ]) {
      const browser = house.browser();
      browser.network = '10.1.2.3';
      const answer = await guess(browser, person.email, 1, {
        'x-forwarded-for': value,
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
      });
      expect(answer.status, value.slice(0, 20)).toBeLessThan(500);
      expect(JSON.stringify(answer.headers)).not.toContain('evil');
    }
  });

  test('the mailbox of local mode is not shown through a proxy to somebody elsewhere', async () => {
    const browser = house.browser();
    browser.network = '10.1.2.3';
    expect((await browser.get('/mailbox', { 'x-forwarded-for': '198.51.100.7' })).status).toBe(404);
    browser.network = '192.0.2.1';
    expect((await browser.get('/mailbox')).status).toBe(404);
    expect((await browser.get('/mailbox', { 'x-forwarded-for': '127.0.0.1' })).status).toBe(404);
  });

  test('the mailbox of local mode does not open under a foreign name (DNS rebinding)', async () => {
    const browser = house.browser();
    expect((await browser.get('/mailbox?format=json', { host: 'localhost:3000' })).status).toBe(200);
    const rebound = await browser.get('/mailbox?format=json', { host: 'evil.example:3000' });
    expect(rebound.status).toBe(404);
  });
});
