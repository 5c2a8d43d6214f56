import { once } from 'node:events';
import { request } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import type { Bench, Section } from '../bench.ts';
import { sessionTokenOf } from '../people.ts';
import { cpuOf, peakOf } from '../proc.ts';
import type { Server } from '../servers.ts';
import { running, type Target } from '../target.ts';

// A build of 1 GiB goes up and comes down again. What counts is that the server's memory stays flat.

const MIB = 1024 * 1024;
const SIZE = 1024 * MIB;
const BOUNDARY = 'the-boundary-of-the-bench';
const BUILD = 'select id from build';

export const store: Section = async (bench) => {
  const product = await bench.product('store', { accounts: 1, pendings: 0, sessions: 1 });
  prepare(product.database);
  return running(product, async (server) => {
    const before = peakOf(server.pid);
    const up = await measured(server, () => upload(server));
    const afterUpload = peakOf(server.pid);
    const down = await measured(server, () => download(server, buildOf(product)));
    const afterAll = peakOf(server.pid);
    note(bench, 'up', up);
    note(bench, 'down', down);
    bench.note(
      `highest memory: ${before.toFixed(0)} MiB idle, ${afterUpload.toFixed(0)} MiB after the upload`,
    );
    return [
      { what: 'highest memory while 1 GiB goes up and down', ours: afterAll, unit: 'MiB', atMost: 150 },
      { what: 'upload', ours: SIZE / MIB / up.seconds, unit: 'MiB/s' },
      { what: 'download', ours: SIZE / MIB / down.seconds, unit: 'MiB/s' },
    ];
  });
};

interface Took {
  seconds: number;
  cpu: number;
}

function note(bench: Bench, way: string, { seconds, cpu }: Took): void {
  bench.note(`${way}: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of the server's CPU`);
}

/** The one person publishes, with two factors proven just now, and has an app. */
function prepare(database: string): void {
  const db = new DatabaseSync(database);
  const now = Date.now();
  db.exec(`update account set roles = 'publisher', two_factor_at = ${now}`);
  db.exec(`update session set acr = 'mfa', amr = 'pwd otp mfa', step_up_at = ${now}, last_used_at = ${now}`);
  db.exec(
    `insert into app (id, slug, name, description, owner_id, created_at)
      select '1', 'big', 'Big', '', id, ${now} from account`,
  );
  db.close();
}

function buildOf({ database }: Target): string {
  const db = new DatabaseSync(database, { readOnly: true });
  const { id } = db.prepare(BUILD).get() as { id: string };
  db.close();
  return id;
}

async function measured(server: Server, work: () => Promise<void>): Promise<Took> {
  const [start, begun] = [performance.now(), cpuOf(server.pid)];
  await work();
  const end = cpuOf(server.pid);
  return {
    seconds: (performance.now() - start) / 1000,
    cpu: end.user + end.system - begun.user - begun.system,
  };
}

const cookie = `session=${sessionTokenOf(0)}`;
const part = (name: string, rest: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${rest}`;

async function upload({ port }: Server): Promise<void> {
  const head = Buffer.from(
    `${part('version', '\r\n\r\n1.0\r\n')}${part('file', '; filename="big.tar"\r\nContent-Type: application/x-tar\r\n\r\n')}`,
  );
  const tail = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  const sending = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/store/manage/big/upload',
    headers: {
      host: `localhost:${port}`,
      cookie,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'content-length': head.length + SIZE + tail.length,
    },
  });
  const answered = once(sending, 'response');
  sending.write(head);
  const piece = Buffer.alloc(MIB, 0x2e);
  const first = Buffer.concat([tarHead(SIZE - 512), piece.subarray(512)]);
  for (let sent = 0; sent < SIZE; sent += MIB) {
    if (!sending.write(sent === 0 ? first : piece)) await once(sending, 'drain');
  }
  sending.end(tail);
  const [answer] = await answered;
  answer.resume();
  if (answer.statusCode !== 303) throw new Error(`the upload answered ${answer.statusCode}`);
}

/** The head of an archive of one file, which then follows; its end may be missing, as tar writes it nowhere else. */
function tarHead(size: number): Buffer {
  const head = Buffer.alloc(512);
  const put = (text: string, at: number) => head.write(text, at, 'latin1');
  put('big.bin', 0);
  put('0000644\0', 100);
  put(`${size.toString(8).padStart(11, '0')}\0`, 124);
  put('        ', 148);
  put('0', 156);
  put('ustar\x0000', 257);
  const sum = head.reduce((all, byte) => all + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}

async function download({ port }: Server, id: string): Promise<void> {
  const asking = request({
    port,
    host: '127.0.0.1',
    path: `/store/big/builds/${id}/download`,
    headers: { host: `localhost:${port}`, cookie },
  });
  asking.end();
  const [answer] = await once(asking, 'response');
  let got = 0;
  for await (const chunk of answer) got += chunk.length;
  if (answer.statusCode !== 200 || got !== SIZE) throw new Error(`${answer.statusCode}: ${got} bytes`);
}
