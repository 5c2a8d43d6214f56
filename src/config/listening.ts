import { isIP } from 'node:net';
import { ConfigError, type Environment, whole } from '../kit/environment.ts';

// Where the server listens, under which address people reach it, and through which proxies.

export interface Listener {
  readonly port: number;
  readonly host: string;
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]' || hostname === '::1';
}

export function readBaseUrl(environment: Environment, port: number): URL {
  const text = environment['BASE_URL'] || `http://localhost:${port}`;
  const takes = 'takes the public origin, such as https://id.example.org, without a path';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new ConfigError('BASE_URL', `${takes}, not "${text}"`);
  if (url.pathname !== '/' || url.search || url.hash || url.username || url.password) {
    throw new ConfigError('BASE_URL', `${takes}, not "${text}"`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new ConfigError('BASE_URL', `must begin with https:// except on localhost, not "${text}"`);
  }
  return url;
}

export function readHost(environment: Environment, name: 'HOST' | 'METRICS_HOST'): string {
  const host = environment[name] || '127.0.0.1';
  if (!/^[a-z0-9.-]+$/i.test(host) && isIP(host) === 0) {
    throw new ConfigError(name, `takes an address or a host name to listen on, not "${host}"`);
  }
  return host;
}

/** Never on the port of the public listener, whatever the address: a proxy would hand it out (R85). */
export function readMetrics(environment: Environment, publicPort: number): Listener | null {
  if (!environment['METRICS_PORT']) {
    if (environment['METRICS_HOST'])
      throw new ConfigError('METRICS_HOST', 'needs METRICS_PORT, which is not set');
    return null;
  }
  const port = whole(environment, 'METRICS_PORT', 0, 1, 65_535);
  if (port === publicPort)
    throw new ConfigError('METRICS_PORT', `takes a port of its own, not ${port}, which is PORT's`);
  return { port, host: readHost(environment, 'METRICS_HOST') };
}

export function readProxies(environment: Environment): readonly string[] {
  const text = environment['TRUSTED_PROXIES'];
  if (!text) return [];
  const ranges = text.split(',').map((range) => range.trim());
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    // `/0` would be everybody, who could then say where they come from (R58).
    const narrow = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= most);
    if (isIP(address) === 0 || !narrow) {
      throw new ConfigError(
        'TRUSTED_PROXIES',
        `takes a comma-separated list of CIDR ranges, not "${range}": such as 127.0.0.1/32, and never everybody (/0)`,
      );
    }
  }
  return ranges;
}
