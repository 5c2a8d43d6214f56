import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase } from './postgres.ts';
import { type Running, startNginx } from './reverse-proxy.ts';
import { freePort, type ServerProcess, startServer } from './server-process.ts';

/** Countersign as `ops/nginx/countersign.conf` sets it up: processes on one PostgreSQL behind one address. */
export interface Instances {
  /** What people see: the balancer. */
  readonly url: string;
  /** May be replaced by what `restart` returns. */
  readonly servers: ServerProcess[];
  /** For the operator's commands. */
  readonly env: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  remove(): Promise<void>;
}

export async function startInstances(more: Readonly<Record<string, string>> = {}): Promise<Instances> {
  const database = await createDatabase(inject('postgresUrl'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const shared = {
    BASE_URL: url,
    DATABASE_URL: database.url,
    TRUSTED_PROXIES: '127.0.0.1',
    SUPPORT_EMAIL: 'help@example.org',
    ...more,
  };
  const first = await startServer(shared);
  const keys = { KEYS_FILE: join(first.dataDir, 'keys.json') };
  const second = await startServer({ ...shared, ...keys });
  const balancer = await startBalancer(port, [first.port, second.port]);
  const servers = [first, second];
  return {
    url,
    servers,
    env: { ...shared, ...keys, DATA_DIR: first.dataDir },
    databaseUrl: database.url,
    async remove() {
      await balancer.stop();
      await Promise.all(servers.map((server) => server.remove()));
      await database.drop();
    },
  };
}

/** The very file that operators are given, with the hosts and ports of the test, and without TLS. */
function startBalancer(port: number, [first, second]: readonly number[]): Promise<Running> {
  const file = new URL('../../ops/nginx/countersign.conf', import.meta.url);
  const places: Record<string, string> = {
    '10.0.0.11:3000': `127.0.0.1:${first}`,
    '10.0.0.12:3000': `127.0.0.1:${second}`,
    'listen 443 ssl;': `listen 127.0.0.1:${port};`,
    'server_name id.example.org;': 'server_name localhost;',
    'ssl_certificate     /etc/ssl/id.example.org.pem;': '',
    'ssl_certificate_key /etc/ssl/id.example.org.key;': '',
    'Host $host;': 'Host $http_host;',
  };
  const conf = Object.entries(places).reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`ops/nginx/countersign.conf doesn't say ${from}`);
      return text.replaceAll(from, to);
    },
    readFileSync(file, 'utf8'),
  );
  return startNginx(port, conf);
}
