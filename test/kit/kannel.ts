import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './server-process.ts';

/** Debian's `kannel`, and from `kannel-extras` the SMS centre that it is tested with. */
const BEARERBOX = '/usr/sbin/bearerbox';
const SMSBOX = '/usr/sbin/smsbox';
const FAKE_CENTRE = '/usr/lib/kannel/test/fakesmsc';

export const kannelInstalled = [BEARERBOX, SMSBOX, FAKE_CENTRE].every((path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

export interface Arrived {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

export interface Kannel {
  readonly port: number;
  /** What reached the SMS centre, in order; waits until there are so many. */
  arrived(count: number): Promise<Arrived[]>;
  stop(): Promise<void>;
}

export interface KannelOptions {
  readonly user: string;
  readonly password: string;
  /** Numbers that begin like this have no route. */
  readonly deniedPrefix: string;
}

/** A real Kannel with an SMS centre behind it, in a folder and on ports of its own. */
export async function startKannel({ user, password, deniedPrefix }: KannelOptions): Promise<Kannel> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-kannel-'));
  const [admin, box, centre, port] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const file = join(folder, 'kannel.conf');
  writeFileSync(
    file,
    `group = core
admin-port = ${admin}
admin-interface = 127.0.0.1
admin-password = x
smsbox-port = ${box}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"

group = smsc
smsc = fake
smsc-id = fake
port = ${centre}
connect-allow-ip = 127.0.0.1
denied-prefix = "${deniedPrefix}"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${port}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = ${user}
password = "${password}"
max-messages = 3
concatenation = true
`,
  );
  const children: ChildProcess[] = [];
  let said = '';
  const run = (command: string, args: string[]) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const listen = (chunk: Buffer) => {
      if (command === FAKE_CENTRE) said += chunk.toString('latin1');
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    children.push(child);
  };
  run(BEARERBOX, [file]);
  await answers(`http://127.0.0.1:${admin}/status`);
  run(FAKE_CENTRE, ['-H', '127.0.0.1', '-r', String(centre), '-m', '0', '1 2 text x']);
  run(SMSBOX, [file]);
  await answers(`http://127.0.0.1:${port}/`);
  await until(async () => {
    const status = await fetch(`http://127.0.0.1:${admin}/status.txt`);
    return /fake.*online/i.test(await status.text());
  }, 'the SMS centre');
  return {
    port,
    async arrived(count) {
      await until(async () => readArrived(said).length >= count, `${count} messages`);
      return readArrived(said);
    },
    async stop() {
      for (const child of children.toReversed()) {
        if (child.exitCode !== null) continue;
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `Got message 2: <123 +34600123456 ucs-2 %004%008>`: what isn't plain text is percent-encoded. */
function readArrived(said: string): Arrived[] {
  return [...said.matchAll(/Got message \d+: <(\S+) (\S+) (text|ucs-2) (.*)>/g)].map(
    ([, from = '', to = '', kind, data = '']) => ({
      from,
      to,
      text: kind === 'text' ? data : wide(data),
    }),
  );
}

function wide(data: string): string {
  const bytes = Buffer.from(
    data
      .replaceAll('+', ' ')
      .replace(/%([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return bytes.swap16().toString('utf16le');
}

const answers = (url: string) => until(async () => (await fetch(url)).status > 0, url);

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds().catch(() => false)) return;
    await pause(50);
  }
  throw new Error(`Kannel: ${what} did not come within 10 seconds`);
}
