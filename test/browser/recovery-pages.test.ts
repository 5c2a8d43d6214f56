import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCALES } from '../../src/words/locale.ts';
import { operate } from '../cli/operator.ts';
import { launch } from '../kit/chromium.ts';
import { HttpClient } from '../kit/http-client.ts';
import { PASSWORD, readEnrolment } from '../kit/people.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { appCode, Tour } from './tour.ts';

// The pages of those who lost everything, and of the administrators who decide: a walk of its own, since it takes a day.

const LONG_NAME = `Wolfeschlegelsteinhausenbergerdorff${'x'.repeat(25)}`;
const LONG_WORDS = `${'Me robaron la mochila en el tren. '.repeat(5)}\n\n${'x'.repeat(200)}`;
const REQUESTS = '/admin/recovery';

let server: ServerProcess;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ SUPPORT_EMAIL: 'help@example.org' }), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

async function addAccount(email: string, role: 'admin' | 'member'): Promise<void> {
  const env = { PORT: new URL(server.url).port, DATA_DIR: server.dataDir };
  const args = ['account', 'create', '--email', email, '--name', LONG_NAME, '--role', role];
  const { code } = await operate(env, [...args, '--password-stdin'], PASSWORD);
  expect(code).toBe(0);
}

/** Signed in with a second step of its own, just now. */
async function enrolled(tour: Tour, email: string, role: 'admin' | 'member'): Promise<HttpClient> {
  await addAccount(email, role);
  const client = new HttpClient(server.url);
  await client.post('/sign-in', { email, password: PASSWORD });
  if (role === 'admin') {
    const token = (await tour.mailed(email, '/enrol')).split('token=')[1] as string;
    await client.post('/enrol', { token });
  }
  const { secret } = readEnrolment((await client.get('/account/security/totp')).body);
  await client.submit('/account/security/totp', { code: appCode(secret) });
  return client;
}

/** What a day of waiting does. */
function letADayPass(): void {
  const file = new DatabaseSync(join(server.dataDir, 'countersign.db'), { timeout: 5_000 });
  file.exec('update recovery_request set effective_at = created_at');
  file.close();
}

test.each(LOCALES)('lost everything, in %s', { timeout: 300_000 }, async (locale) => {
  const tour = await Tour.begin(server, browser, locale);
  const person = `lost-${'y'.repeat(40)}-${locale}@example.org`;
  const proposer = await enrolled(tour, `proposer-${locale}@example.org`, 'admin');
  const second = `second-${locale}@example.org`;
  const countersigner = await enrolled(tour, second, 'admin');
  await enrolled(tour, person, 'member');
  const idOfRequest = async () => {
    const { body } = await proposer.get(REQUESTS);
    return /href="\/admin\/recovery\/([\w-]+)"/.exec(body)?.[1] as string;
  };

  await tour.become(proposer);
  await tour.visit('requests-none', REQUESTS);

  await tour.signIn(person, PASSWORD);
  await tour.page.locator('summary').click();
  await tour.look('second-step-lost');
  await tour.visit('recover', '/recover');
  await tour.sendAndLook('recover-error', '/recover', { reason: 'x'.repeat(501) });
  await tour.sendAndLook('recover-under-way', '/recover', { reason: LONG_WORDS });
  await tour.visit('recover-cancel', await tour.mailed(person, '/recover/cancel'));

  await tour.become(proposer);
  await tour.visit('requests-waiting', REQUESTS);
  const request = `${REQUESTS}/${await idOfRequest()}`;
  await tour.visit('request', request);
  await tour.sendAndLook('request-error', `${request}/propose`, { reason: '' });
  await tour.sendAndLook('request-proposed', `${request}/propose`, { reason: 'Nos vimos en la oficina.' });
  await tour.become(countersigner);
  await tour.visit('request-waiting', request);
  letADayPass();
  await tour.visit('request-ready', request);
  await tour.visit('requests-ready', REQUESTS);
  await tour.open(request);
  await tour.sendAndLook('requests-given', `${request}/countersign`);
  await tour.visit('request-given', request);

  await tour.signIn(person, PASSWORD);
  await tour.visit('recover-given', '/recover');
  await tour.leave();
  await tour.visit('temporary-pass', await tour.mailed(person, '/temporary-pass'));
  await tour.sendAndLook('temporary-pass-wrong', '/temporary-pass', { password: 'wrong' });
  await tour.sendAndLook('recover-enrol', '/temporary-pass', { password: PASSWORD });
  await tour.visit('must-enrol-recovering', '/account/security');
  await tour.open('/account/security/totp');
  const { secret } = await tour.enrolment();
  await tour.sendAndLook('recovered', '/account/security/totp', { code: appCode(secret) });
  await tour.visit('activity-recovered', '/account/activity');

  // An administrator's own request, as they meet it themself; then cancelled, and asked too often.
  await tour.signIn(second, PASSWORD);
  await tour.visit('recover-administrator', '/recover');
  await tour.send('/recover');
  const own = await idOfRequest();
  const half = await tour.context.cookies();
  await tour.become(countersigner);
  await tour.visit('request-own', `${REQUESTS}/${own}`);
  await tour.leave();
  await tour.open(await tour.mailed(second, '/recover/cancel'));
  await tour.sendAndLook('recover-cancelled', '/recover/cancel');
  await tour.context.addCookies(half);
  // The one that was cancelled used up none of the three.
  for (let n = 0; n < 3; n++) {
    await tour.open('/recover');
    await tour.send('/recover');
    await proposer.post(`${REQUESTS}/${await idOfRequest()}/refuse`);
  }
  await tour.visit('recover-too-often', '/recover');
  expect(await tour.page.locator('form[action="/recover"]').count()).toBe(0);
  expect(tour.faults).toEqual([]);
});
