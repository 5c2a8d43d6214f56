import { once } from 'node:events';
import { connect } from 'node:net';
import type { Config } from '../config.ts';
import { loadSdk } from '../tracing/open-traces.ts';
import { Sick } from './check.ts';
import { reachable } from './doctor-address.ts';

const PATIENCE_MS = 5_000;

/** What Prometheus would meet. Where the server does not run, nothing answers, and that is well. */
export async function lookAtMetrics({ metrics, host, port }: Config): Promise<string> {
  if (metrics === null) return 'off: METRICS_PORT is not set';
  const at = `http://${reachable(metrics.host)}:${metrics.port}/metrics`;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const text = await fetch(at, { signal }).then(
    (answer) => answer.text().catch(() => ''),
    () => null,
  );
  if (text === null) {
    if (!(await listens(reachable(host), port))) return `the server does not run: nothing answers at ${at}`;
    throw new Sick(
      `nothing answers at ${at}, though the server runs: give it METRICS_PORT and METRICS_HOST too, and restart it`,
    );
  }
  if (!text.includes('countersign_'))
    throw new Sick(`METRICS_PORT is in use by another program, which answers at ${at}: set it to a free one`);
  const open = ['0.0.0.0', '::'].includes(metrics.host);
  return `${at} answers${open ? '; METRICS_HOST is every address of this machine: let only Prometheus reach it' : ''}`;
}

/** The package that no default brings, and whether anybody takes the spans. */
export async function lookAtTraces({ traces }: Config): Promise<string> {
  if (traces === null) return 'off: no variable of OpenTelemetry asks for them';
  await loadSdk(traces.wantedBy);
  const { hostname, port, protocol } = new URL(traces.endpoint);
  const [host, to] = [hostname.replace(/^\[|\]$/g, ''), Number(port) || (protocol === 'https:' ? 443 : 80)];
  if (await listens(host, to)) return `a collector listens at ${hostname}:${to}`;
  throw new Sick(`${traces.wantedBy}: no collector listens at ${hostname}:${to}, so all spans are lost`);
}

async function listens(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: PATIENCE_MS });
  socket.on('timeout', () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
