import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startOwnServer } from './postgres-server.ts';

/** For the whole run: the server of TEST_DATABASE_URL when set, else a real PostgreSQL of its own. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { url: given, stop: async () => {} } : await startOwnServer();
  // Everything of this run is named after one database, so that runs can share a server and leave nothing there.
  const run = `countersign_${randomName()}`;
  await once(server.url, `CREATE DATABASE ${run}`);
  return {
    url: withDatabase(server.url, run),
    stop: async () => {
      if (given) await dropAll(given, run);
      await server.stop();
    },
  };
}

/**
 * A fresh database, empty or a copy of a template (12 ms). Copies are of files, for which PostgreSQL wants nobody in
 * the template.
 */
export async function createDatabase(
  serverUrl: string,
  { template }: { template?: string } = {},
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `${databaseOf(serverUrl)}_${randomName()}`;
  const copy = template ? ` TEMPLATE ${templateName(serverUrl, template)} STRATEGY FILE_COPY` : '';
  await admin(serverUrl).query(`CREATE DATABASE ${name}${copy}`);
  return {
    url: withDatabase(serverUrl, name),
    drop: async () => {
      await admin(serverUrl).query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/**
 * Makes a template once in a run, whoever asks first: `prepare` fills the database of the given URL and closes its
 * connections. `name` is a lower-case identifier.
 */
export async function makeTemplate(
  serverUrl: string,
  name: string,
  prepare: (url: string) => Promise<void>,
): Promise<void> {
  const template = templateName(serverUrl, name);
  const client = await admin(serverUrl).connect();
  try {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount !== 0) return;
    // Renamed when it is complete: a template that failed half-way must not serve the next test.
    await client.query(`DROP DATABASE IF EXISTS ${template}_new WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${template}_new`);
    await prepare(withDatabase(serverUrl, `${template}_new`));
    await client.query(`ALTER DATABASE ${template}_new RENAME TO ${template}`);
  } finally {
    await client.query('SELECT pg_advisory_unlock_all()');
    client.release();
  }
}

const pools = new Map<string, pg.Pool>();

/** Connections kept for making and dropping databases: connecting takes longer than either. */
function admin(serverUrl: string): pg.Pool {
  let pool = pools.get(serverUrl);
  if (!pool) {
    pool = new pg.Pool({ connectionString: serverUrl, max: 4, allowExitOnIdle: true });
    pool.on('error', () => {}); // the server stops before the workers do
    pools.set(serverUrl, pool);
  }
  return pool;
}

async function once(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client(url);
  await client.connect();
  return client.query(sql).finally(() => client.end());
}

async function dropAll(url: string, run: string): Promise<void> {
  const { rows } = await once(url, `SELECT datname FROM pg_database WHERE datname ~ '^${run}(_|$)'`);
  for (const { datname } of rows) await once(url, `DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
}

const randomName = (): string => randomBytes(5).toString('hex');
const databaseOf = (url: string): string => new URL(url).pathname.slice(1);
const templateName = (serverUrl: string, name: string): string => `${databaseOf(serverUrl)}_${name}`;

function withDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}
