import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { operate } from '../cli/operator.ts';
import { HttpClient, type Reply } from '../kit/http-client.ts';
import { type Instances, startInstances } from '../kit/instances.ts';
import { PASSWORD, readEnrolment } from '../kit/people.ts';
import { nginxInstalled } from '../kit/reverse-proxy.ts';

const SLOW = { timeout: 120_000 };
/** nginx counts `fail_timeout` in whole seconds and more than that: an instance that is back is asked after two at most. */
const LEFT_ALONE = 2_200;
const codeAt = (secret: string, steps = 0) => hotp(fromBase32(secret) as Buffer, stepAt(Date.now()) + steps);

describe.skipIf(!nginxInstalled)(
  'two instances behind nginx (Debian: apt-get install nginx-light), on one PostgreSQL',
  () => {
    let house: Instances;
    beforeAll(async () => {
      // As ops/systemd has it: longer than ops/nginx keeps a connection.
      house = await startInstances({ DRAIN: '3s' });
      for (const name of ['ann', 'ben', 'cid', 'dot']) {
        const args = ['account', 'create', '--email', mail(name), '--name', name, '--password-stdin'];
        expect((await operate(house.env, args, PASSWORD)).code).toBe(0);
      }
    }, 120_000);
    afterAll(() => house?.remove());

    const mail = (name: string) => `${name}@example.org`;

    async function signedIn(name: string): Promise<HttpClient> {
      const client = new HttpClient(house.url);
      expect((await client.post('/sign-in', { email: mail(name), password: PASSWORD })).status).toBe(303);
      return client;
    }

    /** Keeps asking until it is told to stop; each answer is kept, and each connection that broke. */
    function load(clients: readonly HttpClient[], work: (client: HttpClient) => Promise<Reply>) {
      const answers: { at: number; status: number }[] = [];
      let on = true;
      const workers = clients.map(async (client) => {
        while (on) {
          const at = performance.now();
          const status = await work(client).then(
            (reply) => reply.status,
            () => 0,
          );
          answers.push({ at, status });
        }
      });
      return {
        answers,
        async stop() {
          on = false;
          await Promise.all(workers);
          return answers.reduce<Record<number, number>>((all, { status }) => {
            all[status] = (all[status] ?? 0) + 1;
            return all;
          }, {});
        },
      };
    }

    test('R84: each stopped and started in turn, under load: not one request fails', SLOW, async () => {
      const clients = await Promise.all(['ann', 'ben', 'cid'].map(signedIn));
      const reading = load(clients, (client) => client.get('/account/sessions'));
      const writing = load([new HttpClient(house.url)], (client) =>
        client.post('/sign-in', { email: mail('dot'), password: PASSWORD }),
      );
      for (const place of [0, 1]) {
        const server = house.servers[place];
        expect(await server?.stop()).toBe(0);
        await pause(300);
        house.servers[place] = await (server as NonNullable<typeof server>).restart();
        await pause(LEFT_ALONE);
      }
      const read = await reading.stop();
      const written = await writing.stop();
      expect(Object.keys(read)).toEqual(['200']);
      expect(Object.keys(written)).toEqual(['303']);
      expect(read[200]).toBeGreaterThan(50);
    });

    test(
      'one is killed: what is begun goes on at the other, and nothing that was answered is lost',
      SLOW,
      async () => {
        const ann = await signedIn('ann');
        const enrolment = readEnrolment((await ann.get('/account/security/totp')).body);
        const half = new HttpClient(house.url);

        await house.servers[0]?.kill();
        // The same key and the same codes: they belong to the session, not to a process.
        expect(readEnrolment((await ann.get('/account/security/totp')).body)).toEqual(enrolment);
        const on = await ann.submit('/account/security/totp', { code: codeAt(enrolment.secret, -1) });
        expect(on.body).toContain('Two-factor authentication is on.');

        const asked = await half.post('/sign-in', { email: mail('ann'), password: PASSWORD });
        expect(asked.location).toMatch(/^\/sign-in\/factor/);
        house.servers[0] = await (house.servers[0] as Instances['servers'][number]).restart();
        await pause(LEFT_ALONE);
        await house.servers[1]?.kill();
        const code = codeAt(enrolment.secret);
        const done = await half.post('/sign-in/factor/totp', { code });
        expect(done.status).toBe(303);
        expect((await half.get('/account/sessions')).status).toBe(200);
        house.servers[1] = await (house.servers[1] as Instances['servers'][number]).restart();
        await pause(LEFT_ALONE);

        const replay = new HttpClient(house.url);
        await replay.post('/sign-in', { email: mail('ann'), password: PASSWORD });
        // The very same code, and not the one of a step that may have begun since.
        expect((await replay.post('/sign-in/factor/totp', { code })).status).toBe(422);
      },
    );

    test('killed under load: only what it was answering fails', SLOW, async () => {
      const clients = await Promise.all(['ben', 'cid', 'dot'].map(signedIn));
      const reading = load(clients, (client) => client.get('/account/sessions'));
      await pause(300);
      const killed = performance.now();
      await house.servers[1]?.kill();
      await pause(1_500);
      house.servers[1] = await (house.servers[1] as Instances['servers'][number]).restart();
      await pause(300);
      await reading.stop();
      const failed = reading.answers.filter(({ status }) => status !== 200);
      // A GET is asked again of the other; whatever still broke had been sent before the kill was noticed.
      expect(failed.length).toBeLessThanOrEqual(clients.length);
      expect(failed.every(({ at }) => Math.abs(at - killed) < 1_000)).toBe(true);
      expect(failed.every(({ status }) => status === 0 || status === 502)).toBe(true);
      expect(reading.answers.length).toBeGreaterThan(100);
    });

    test('R50: what ends at one has ended at the other', SLOW, async () => {
      const ben = await signedIn('ben');
      const [first, second] = house.servers.map(({ port }) => {
        const client = new HttpClient(`http://localhost:${port}`);
        for (const [name, value] of ben.cookies) client.cookies.set(name, value);
        return client;
      }) as [HttpClient, HttpClient];
      expect([(await first.get('/account')).status, (await second.get('/account')).status]).toEqual([
        200, 200,
      ]);
      await ben.post('/sign-out');
      expect([(await first.get('/account')).status, (await second.get('/account')).status]).toEqual([
        303, 303,
      ]);
    });
  },
);
