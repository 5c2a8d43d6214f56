import { expect } from 'vitest';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { textOf } from '../kit/browser.ts';
import { HttpClient } from '../kit/http-client.ts';
import { readEnrolment } from '../kit/people.ts';
import type { ServerProcess } from '../kit/server-process.ts';

const ADMIN = { email: 'ann@example.org', password: 'mild-copper-walrus-42' };
const MEMBER = { email: 'bob@example.org', password: 'tall-linen-otter-57' };

function codeNow(secret: string, steps = 0): string {
  return hotp(fromBase32(secret) as Buffer, stepAt(Date.now()) + steps);
}

/** The first story of the product, from the printed link to the last mail, over a socket and by nothing but forms. */
export async function walkAsNewcomer(server: ServerProcess): Promise<void> {
  const admin = new HttpClient(server.url);
  const link = new URL(server.setUpLink as string);
  expect((await admin.get(link.pathname + link.search)).status).toBe(200);
  const token = link.searchParams.get('token') as string;
  const setUp = await admin.post('/setup', { token, name: 'Ann', ...ADMIN });
  expect([setUp.status, setUp.location]).toEqual([303, '/account/security']);
  const { secret, codes } = await enable(admin);
  await signOut(admin);

  expect((await admin.post('/sign-in', ADMIN)).location).toBe('/sign-in/factor');
  // The code of this step was spent when the app was confirmed.
  const inside = await admin.post('/sign-in/factor/totp', { code: codeNow(secret, 1) });
  expect([inside.status, inside.location]).toEqual([303, '/']);
  await signOut(admin);
  await admin.post('/sign-in', ADMIN);
  const spare = await admin.post('/sign-in/factor/recovery-code', { code: codes[0] as string });
  expect([spare.status, spare.location]).toEqual([303, '/']);

  const invited = await admin.post('/admin/people/invite', {
    email: MEMBER.email,
    name: 'Bob',
    role: 'member',
  });
  expect(invited.status).toBe(303);
  const member = new HttpClient(server.url);
  const invitation = new URL(await linkTo(server, MEMBER.email, '/invitation'));
  expect((await member.get(invitation.pathname + invitation.search)).status).toBe(200);
  const accepted = await member.post('/invitation', {
    token: invitation.searchParams.get('token') as string,
    name: 'Bob',
    password: MEMBER.password,
  });
  expect([accepted.status, accepted.location]).toEqual([303, '/sign-in']);
  expect((await member.post('/sign-in', MEMBER)).location).toBe('/');
  await enable(member);

  const off = await member.submit('/account/security/disable', { password: MEMBER.password });
  expect(textOf(off.body)).toContain('Enable 2FA');
  const kept = await admin.post('/account/security/disable', { password: ADMIN.password });
  expect(kept.status).toBe(409);
  expect(textOf(kept.body)).toContain('for your role as administrator');

  await expect
    .poll(() => subjectsTo(server, MEMBER.email))
    .toContain('Two-factor authentication was disabled');
  expect(await subjectsTo(server, MEMBER.email)).toContain('Two-factor authentication is on');
  expect(await subjectsTo(server, ADMIN.email)).toEqual(
    expect.arrayContaining(['Two-factor authentication is on', 'A recovery code was used']),
  );
}

async function enable(client: HttpClient) {
  const shown = readEnrolment((await client.get('/account/security/totp')).body);
  expect(shown.codes).toHaveLength(10);
  const on = await client.submit('/account/security/totp', { code: codeNow(shown.secret) });
  expect(textOf(on.body)).toContain('Two-factor authentication is on.');
  return shown;
}

async function signOut(client: HttpClient): Promise<void> {
  expect((await client.post('/sign-out')).location).toBe('/sign-in');
  expect((await client.get('/account')).location).toBe('/sign-in?return_to=%2Faccount');
}

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

async function mailsTo(server: ServerProcess, email: string): Promise<Mail[]> {
  const mails = (await (await fetch(`${server.url}/mailbox?format=json`)).json()) as Mail[];
  return mails.filter(({ to }) => to === email);
}

async function subjectsTo(server: ServerProcess, email: string): Promise<string[]> {
  return (await mailsTo(server, email)).map(({ subject }) => subject);
}

async function linkTo(server: ServerProcess, email: string, path: string): Promise<string> {
  const find = async () =>
    (await mailsTo(server, email)).flatMap(({ text }) =>
      text.split('\n').filter((line) => line.startsWith(server.url + path)),
    )[0];
  await expect.poll(find).toBeDefined();
  return (await find()) as string;
}
