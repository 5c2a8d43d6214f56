import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { House } from './house.ts';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Asks the private listener of a house, over its socket. */
export async function scrape({ app: { metrics } }: House, path = '/metrics'): Promise<Response> {
  if (!metrics) throw new Error('this house has no private listener');
  if (!metrics.listening) await once(metrics.listen(0, '127.0.0.1'), 'listening');
  return fetch(`http://127.0.0.1:${(metrics.address() as AddressInfo).port}${path}`);
}

/** Prometheus's text format, version 0.0.4. */
export function readSamples(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (name === '') throw new Error(`no sample: ${line}`);
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** The sum over all that bear these labels. @throws where there is none */
export function sampleOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const found = samples.filter(
    (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
  if (found.length === 0) throw new Error(`${name} ${JSON.stringify(labels)} is not printed`);
  return found.reduce((sum, { value }) => sum + value, 0);
}
