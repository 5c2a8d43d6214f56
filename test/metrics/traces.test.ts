import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { refusalOf } from '../config/start-process.ts';
import { ENGINES } from '../kit/house.ts';
import { HttpClient } from '../kit/http-client.ts';
import { createDatabase } from '../kit/postgres.ts';
import { freePort, startServer } from '../kit/server-process.ts';
import { loadingNone } from './loading-none.ts';

vi.setConfig({ testTimeout: 60_000 });

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
}

/** A collector that takes OTLP as JSON. */
let collector: Server;
let endpoint: string;
let bodies: string[] = [];
beforeAll(async () => {
  collector = createServer(async (request, response) => {
    bodies.push(`${request.url} ${await text(request)}`);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await once(collector.listen(0, '127.0.0.1'), 'listening');
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterEach(() => {
  bodies = [];
});
afterAll(() => void collector.close());

const spans = () =>
  bodies.flatMap((body) =>
    JSON.parse(body.slice(body.indexOf(' '))).resourceSpans.flatMap(
      ({ scopeSpans }: { scopeSpans: { spans: Span[] }[] }) => scopeSpans.flatMap((one) => one.spans),
    ),
  ) as Span[];

const attributesOf = ({ attributes }: Span) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe.each(ENGINES)('traces, on %s', (engine) => {
  test('R76: a request and what it did in the database are spans, and hold nothing of anybody', async () => {
    const database = engine === 'postgres' ? await createDatabase(inject('postgresUrl')) : null;
    const server = await startServer({
      ...(database ? { DATABASE_URL: database.url } : {}),
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      METRICS_PORT: String(await freePort()),
    });
    try {
      const client = new HttpClient(server.url);
      await client.get('/reset-password?token=canary-token');
      await client.get('/canary-path');
      const password = 'canary-password';
      expect((await client.post('/sign-in', { email: 'canary@example.org', password })).status).toBe(422);
      expect(await server.stop()).toBe(0);
    } finally {
      await server.remove();
      await database?.drop();
    }
    const [signIn] = spans().filter(({ name }) => name === 'POST /sign-in');
    expect(signIn && attributesOf(signIn)).toEqual({
      'http.request.method': 'POST',
      'http.route': '/sign-in',
      'http.response.status_code': 422,
    });
    const inside = spans().filter(({ parentSpanId }) => parentSpanId === signIn?.spanId);
    expect(new Set(inside.map(({ traceId }) => traceId))).toEqual(new Set([signIn?.traceId]));
    const names = inside.map(({ name }) => name);
    for (const name of ['database read', 'database commit', 'password hash']) expect(names).toContain(name);
    const commit = inside.find(({ name }) => name === 'database commit') as Span;
    expect(attributesOf(commit)).toEqual({
      'db.system.name': engine === 'sqlite' ? 'sqlite' : 'postgresql',
    });
    expect(spans().some(({ name }) => name === 'GET /reset-password')).toBe(true);
    const all = bodies.join('\n');
    expect(all).toContain('"countersign"');
    expect(all).not.toContain('canary');
    // What the house does by itself is no request.
    expect(spans().filter(({ name, parentSpanId }) => !parentSpanId && name.startsWith('database'))).toEqual(
      [],
    );
    expect(bodies.every((body) => body.startsWith('/v1/traces '))).toBe(true);
  });
});

test('a collector that is away holds nothing up, and is told of once', async () => {
  const server = await startServer({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_EXPORTER_OTLP_TIMEOUT: '300',
  });
  try {
    const client = new HttpClient(server.url);
    for (let round = 0; round < 5; round++) {
      expect((await client.get('/sign-in')).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(await server.stop()).toBe(0);
    expect(server.output().match(/traces could not be sent/g)).toHaveLength(1);
  } finally {
    await server.remove();
  }
});

test('traces are asked for and their package is not installed: refuses to start, and says what to install', async () => {
  const says = await refusalOf({
    ...loadingNone('opentelemetry'),
    DATA_DIR: '/tmp/countersign-never-made',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  });
  const { devDependencies } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  const version = devDependencies['@opentelemetry/sdk-node'];
  expect(says).toBe(
    'Countersign does not start: OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, and their package is not installed: ' +
      `npm install --no-save @opentelemetry/sdk-node@${version}`,
  );
});

test('an endpoint that is no address refuses to start', async () => {
  const says = await refusalOf({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'collector:4318' });
  expect(says).toContain('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT takes the address of a collector');
});
