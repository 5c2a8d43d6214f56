import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const NGINX = '/usr/sbin/nginx';
const CADDY = '/usr/bin/caddy';

export const nginxInstalled = existsSync(NGINX);
export const caddyInstalled = existsSync(CADDY);

/** The example of docs/integrate.md, in which people's hosts and ports become those of the test. */
export function example(language: string, places: Readonly<Record<string, string>>): string {
  const text = readFileSync(new URL('../../docs/integrate.md', import.meta.url), 'utf8');
  const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
  if (!found) throw new Error(`docs/integrate.md has no example for ${language}`);
  return Object.entries(places).reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`the example for ${language} doesn't say ${from}`);
    return all.replaceAll(from, to);
  }, found);
}

export interface Running {
  stop(): Promise<void>;
}

export async function startNginx(port: number, server: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-nginx-'));
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr warn;
events {}
http { access_log off; ${places.join(' ')}
${server}
}`,
  );
  return start(NGINX, ['-c', file, '-p', folder], { port, folder });
}

export async function startCaddy(port: number, site: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-caddy-'));
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, `{\n  admin off\n  auto_https off\n}\n${site}`);
  const own = { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder };
  return start(CADDY, ['run', '--adapter', 'caddyfile', '--config', file], { port, folder, own });
}

async function start(
  program: string,
  args: string[],
  { port, folder, own = {} }: { port: number; folder: string; own?: Record<string, string> },
): Promise<Running> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', ...own },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  await listening(child, port, () => output);
  return {
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(child: ChildProcess, port: number, output: () => string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended:\n${output()}`);
    try {
      await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' });
      return;
    } catch {
      await pause(25);
    }
  }
  throw new Error(`${child.spawnfile} does not listen:\n${output()}`);
}

export interface EchoApp extends Running {
  readonly port: number;
}

/** An app without any sign-in: its page shows the headers that reached it, one a line. */
export async function startEchoApp(): Promise<EchoApp> {
  const server = createServer((request, response) => {
    const lines = Object.entries({ url: request.url, ...request.headers }).map(
      ([name, value]) => `${name}: ${Buffer.from(String(value), 'latin1').toString('utf8')}`,
    );
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(lines.join('\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
