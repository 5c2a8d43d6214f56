import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { html } from '../../src/kit/html.ts';
import { endSessions } from '../../src/sessions/store.ts';
import { readUpload } from '../../src/web/multipart.ts';
import type { Patience } from '../../src/web/patience.ts';
import { route } from '../../src/web/route.ts';
import { mountRoutes } from '../../src/web/router.ts';
import { createServer } from '../../src/web/server.ts';
import { somebodyProtected } from '../kit/attack-kit.ts';
import { MULTIPART, multipart } from '../kit/builds.ts';
import { type House, openHouse } from '../kit/house.ts';
import { openListeningHouse } from '../kit/listening-house.ts';

// Whoever sends or reads at a snail's pace holds a connection, or what was allowed a moment ago, for as long as they like.

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const soon = (look: () => void) => vi.waitFor(look, { timeout: 10_000, interval: 20 });

/** A connection, and what has come of it so far. */
async function open(port: number) {
  const socket: Socket = connect(port, '127.0.0.1');
  const seen = { answer: '', closed: false };
  socket.on('data', (piece) => {
    seen.answer += piece.toString('latin1');
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    seen.closed = true;
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, seen };
}

const form = (path: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n`;

describe('R83: nobody holds a connection for ever', () => {
  // Eight times the pause of whoever goes on: on a busy machine that may take its time.
  const BRIEF: Patience = { silence: 800, body: 2_000 };
  const big = 'x'.repeat(8 * 1024 * 1024);
  let house: House;
  let port: number;
  let server: ReturnType<typeof createServer>;
  /** Our ends of the connections, by the port of the other. */
  const here = new Map<number | undefined, Socket>();

  beforeAll(async () => {
    house = await openHouse();
    const { config, clock, random, log } = house.app.deps;
    const { baseUrl, secure } = config;
    const options = { baseUrl, secure, clock, random, log, errorPage: () => html`` };
    const level = { name: 'everyone', admit: async () => null };
    const answer = (body: string) => ({ status: 200, cookies: [], headers: {}, body });
    server = createServer([], options, BRIEF);
    server.server.on('connection', (socket) => here.set(socket.remotePort, socket));
    mountRoutes(
      server,
      [
        route({ method: 'POST', path: '/form', level, body: z.object({}), handle: async () => answer('ok') }),
        route({
          method: 'POST',
          path: '/upload',
          level,
          takes: 'upload',
          handle: async ({ upload }) => answer(await readUpload(upload, async () => 'taken')),
        }),
        route({ method: 'GET', path: '/big', level, handle: async () => answer(big) }),
        route({
          method: 'GET',
          path: '/long',
          level,
          async handle() {
            await pause(3 * BRIEF.silence);
            return answer('at last');
          },
        }),
      ],
      options,
    );
    await server.listen({ port: 0, host: '127.0.0.1' });
    port = (server.server.address() as AddressInfo).port;
  });

  afterAll(async () => {
    await server.close();
    await house.close();
  });

  test('a form that stops in the middle, and one that comes a byte at a time', async () => {
    const [stopped, dripping] = [await open(port), await open(port)];
    stopped.socket.write(`${form('/form', 60_000)}a=`);
    dripping.socket.write(`${form('/form', 60_000)}a=`);
    const drip = setInterval(() => dripping.socket.write('a'), 100);
    await soon(() => expect(stopped.seen.closed).toBe(true));
    expect(dripping.seen.closed).toBe(false);
    await soon(() => expect(dripping.seen.closed).toBe(true));
    clearInterval(drip);
    expect(dripping.seen.answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(dripping.seen.answer).toContain('content-security-policy');
  });

  test('an upload that stops in the middle; one that goes on takes as long as it takes', async () => {
    const body = multipart({}, { name: 'a.zip', bytes: Buffer.alloc(12, 'x') });
    const head = `POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: ${MULTIPART}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const [stopped, slow] = [await open(port), await open(port)];
    stopped.socket.write(Buffer.concat([Buffer.from(head), body.subarray(0, 30)]));
    slow.socket.write(head);
    for (let at = 0; at < body.length; at += 20) {
      slow.socket.write(body.subarray(at, at + 20));
      await pause(100);
    }
    await soon(() => expect(slow.seen.answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*taken$/));
    await soon(() => expect(stopped.seen.closed).toBe(true));
  });

  test('whoever never reads; but not who waits for us', async () => {
    const [deaf, waiting] = [await open(port), await open(port)];
    deaf.socket.pause();
    deaf.socket.write('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
    waiting.socket.write('GET /long HTTP/1.1\r\nHost: x\r\n\r\n');
    await soon(() => expect(waiting.seen.answer).toMatch(/at last$/));
    await soon(() => expect(here.get(deaf.socket.localPort)?.destroyed).toBe(true));
    expect(here.get(waiting.socket.localPort)?.destroyed).toBe(false);
    deaf.socket.destroy();
    waiting.socket.destroy();
  });
});

describe('R83: requests sent on one connection without waiting for the answers', () => {
  const counted: Socket[] = [];
  let server: ReturnType<typeof createServer>;
  let house: House;
  let port: number;
  let begun = 0;

  beforeAll(async () => {
    house = await openHouse();
    const { config, clock, random, log } = house.app.deps;
    const options = { ...config, clock, random, log, errorPage: () => html`` };
    const level = { name: 'everyone', admit: async () => null };
    server = createServer([], options);
    const count = route({
      method: 'GET',
      path: '/count',
      level,
      async handle() {
        begun += 1;
        await pause(50);
        return { status: 200, cookies: [], headers: {}, body: 'counted' };
      },
    });
    mountRoutes(server, [count], options);
    await server.listen({ port: 0, host: '127.0.0.1' });
    port = (server.server.address() as AddressInfo).port;
  });

  afterAll(async () => {
    for (const socket of counted) socket.destroy();
    await server.close();
    await house.close();
  });

  async function sendAtOnce(requests: number) {
    const { socket, seen } = await open(port);
    counted.push(socket);
    socket.write('GET /count HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(requests));
    return seen;
  }

  test('a handful is answered; thousands would fill the memory, and end the connection', async () => {
    const handful = await sendAtOnce(10);
    await soon(() => expect(handful.answer.split('counted')).toHaveLength(11));
    expect(handful.closed).toBe(false);
    begun = 0;
    const thousands = await sendAtOnce(5_000);
    await soon(() => expect(thousands.closed).toBe(true));
    expect(begun).toBeLessThanOrEqual(50);
  });
});

describe('R50: what began in a session does not outlive it', () => {
  let house: House;
  beforeAll(async () => {
    house = await openListeningHouse();
  });
  afterAll(() => house.close());

  test('a list of people to invite that was held back until the administrator had ended the session', async () => {
    const { browser, person } = await somebodyProtected(house, { roles: 'admin' });
    const body = multipart({ people: 'thief@evil.example,Thief,admin', confirmed: 'on' }, null);
    const head = [
      'POST /admin/people/invite-many HTTP/1.1',
      'Host: x',
      `Cookie: session=${browser.cookies.get('session')}`,
      `Content-Type: ${MULTIPART}`,
      `Content-Length: ${body.length}`,
      '\r\n',
    ].join('\r\n');
    const { socket, seen } = await open(Number(new URL(house.app.deps.config.baseUrl).port));
    socket.write(Buffer.concat([Buffer.from(head), body.subarray(0, 40)]));
    await pause(200);
    const { database, outbox } = house.app.deps;
    await database.transaction((tx) => endSessions(tx, outbox, person.id, null));
    socket.write(body.subarray(40));
    await expect.poll(() => seen.answer).toMatch(/^HTTP\/1\.1 303 [\s\S]*location: \/sign-in/);
    const { db } = database;
    const invited = db.selectFrom('account').select('id').where('email', '=', 'thief@evil.example');
    expect(await invited.execute()).toEqual([]);
    socket.destroy();
  });
});
