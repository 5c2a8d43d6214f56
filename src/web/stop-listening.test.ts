import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { stopListening } from './stop-listening.ts';

/** Somebody outside: `knock` makes a connection, `ask` writes a request on the last one. Each is done when `done` is counted up. */
const SOMEBODY = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { connect } = require('node:net');
  const done = () => {
    Atomics.add(workerData.done, 0, 1);
    Atomics.notify(workerData.done, 0);
  };
  let last;
  const doings = {
    knock() {
      let met = 'closed unanswered';
      last = connect(workerData.port, '127.0.0.1', done);
      last.on('data', () => { met = 'answered'; }).on('error', ({ code }) => { met = code; });
      last.on('close', () => parentPort.postMessage(met));
    },
    ask() {
      last.end('GET / HTTP/1.1\\r\\nhost: a\\r\\nconnection: close\\r\\n\\r\\n', done);
    },
  };
  parentPort.on('message', (doing) => doings[doing]());
`;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A server whose first request holds the process until `whileServed` has happened outside, and somebody there. */
async function doorAndSomebody(whileServed: (outside: (doing: string) => void) => void) {
  const done = new Int32Array(new SharedArrayBuffer(4));
  let requests = 0;
  const server = createServer((_request, response) => {
    if (requests++ === 0) whileServed(outside);
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const worker = new Worker(SOMEBODY, { eval: true, workerData: { port, done } });
  ends.push(() => worker.terminate());
  const met: string[] = [];
  worker.on('message', (how: string) => met.push(how));

  /** Has it done outside while this process does nothing, so that only the kernel knows of it. */
  function outside(doing: string): void {
    const before = Atomics.load(done, 0);
    worker.postMessage(doing);
    expect(Atomics.wait(done, 0, before, 10_000), `${doing} outside`).not.toBe('timed-out');
  }
  async function theyMet(count: number): Promise<string[]> {
    while (met.length < count) await once(worker, 'message');
    return met;
  }
  return { server, outside, theyMet };
}

test('R84: who stood at the door before it is shut is let in and answered', async () => {
  const { server, outside, theyMet } = await doorAndSomebody(() => {});
  outside('knock');
  outside('ask');
  await stopListening(server);
  expect(await theyMet(1)).toEqual(['answered']);
});

test('R84: who knocks while the last one in is served is let in and answered, never thrown out', async () => {
  const { server, outside, theyMet } = await doorAndSomebody((outside) => {
    outside('knock');
    outside('ask');
  });
  const letIn = once(server, 'connection');
  outside('knock');
  await letIn;
  outside('ask');
  await stopListening(server);
  expect(await theyMet(2)).toEqual(['answered', 'answered']);
});
