import type { Config } from '../config.ts';
import { ConfigError } from '../kit/environment.ts';
import type { Log } from '../kit/log.ts';
import type { MeteredRequest, Meters, Timed } from '../kit/meters.ts';

type Api = typeof import('@opentelemetry/api');

/** The version that `package.json` names as an optional peer, and the tests run. */
const PACKAGE = '@opentelemetry/sdk-node';
const VERSION = '0.301.0';

export interface Traces {
  readonly meters: Meters;
  /** Sends what is left, for at most two seconds: a collector that is away must not hold up the end. */
  close(): Promise<void>;
}

const FAREWELL_MS = 2_000;

/**
 * Sends a span for every request and for what it did in the database, by the OpenTelemetry SDK, which reads its standard
 * variables itself. The package (46 MB) is not installed by default and never loaded where no variable asks for it.
 * @throws {ConfigError} when it is not installed
 */
export async function openTraces(
  { wantedBy, serviceName }: NonNullable<Config['traces']>,
  databaseUrl: string,
  log: Log,
): Promise<Traces> {
  const { NodeSDK } = await loadSdk(wantedBy);
  const api = await import('@opentelemetry/api');
  api.diag.setLogger(sayOnce(log), { logLevel: api.DiagLogLevel.ERROR, suppressOverrideMessage: true });
  const sdk = new NodeSDK({
    ...(serviceName === null ? {} : { serviceName }),
    // Metrics have a listener of their own, and logs go to stdout.
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  const system = databaseUrl.startsWith('sqlite:') ? 'sqlite' : 'postgresql';
  return {
    meters: tracingMeters(api, system),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, FAREWELL_MS);
      });
      await Promise.race([sdk.shutdown().catch(() => {}), patience]);
      clearTimeout(timer);
      api.trace.disable();
      api.context.disable();
      api.diag.disable();
    },
  };
}

/** @throws {ConfigError} when it is not installed */
export async function loadSdk(wantedBy: string): Promise<typeof import('@opentelemetry/sdk-node')> {
  try {
    return await import('@opentelemetry/sdk-node');
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigError(
      wantedBy,
      `asks for traces, and their package is not installed: npm install --no-save ${PACKAGE}@${VERSION}`,
    );
  }
}

function tracingMeters(
  { context, trace, ROOT_CONTEXT, SpanKind, SpanStatusCode }: Api,
  system: string,
): Meters {
  const tracer = trace.getTracer('countersign');
  const kinds: Readonly<Record<Timed, { name: string; kind: number; attributes: Record<string, string> }>> = {
    read: { name: 'database read', kind: SpanKind.CLIENT, attributes: { 'db.system.name': system } },
    commit: { name: 'database commit', kind: SpanKind.CLIENT, attributes: { 'db.system.name': system } },
    hash: { name: 'password hash', kind: SpanKind.INTERNAL, attributes: {} },
  };

  /** Always the root: nobody outside decides what is traced here. Its address is never told, only its route (R76). */
  function request(): MeteredRequest {
    const span = tracer.startSpan('request', { kind: SpanKind.SERVER }, ROOT_CONTEXT);
    const here = trace.setSpan(ROOT_CONTEXT, span);
    return {
      within: (work) => context.with(here, work),
      end({ method, route, status }) {
        span.updateName(route === null ? method : `${method} ${route}`);
        span.setAttribute('http.request.method', method === 'other' ? '_OTHER' : method);
        span.setAttribute('http.response.status_code', status);
        if (route !== null) span.setAttribute('http.route', route);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  return {
    count() {},
    watch() {},
    took(what, ms) {
      // What the house does by itself, each second, would only be noise.
      if (trace.getActiveSpan() === undefined) return;
      const { name, ...options } = kinds[what];
      const end = performance.now();
      tracer.startSpan(name, { ...options, startTime: end - ms }).end(end);
    },
    request,
  };
}

/** A collector that is away is told of once, and not with every batch. */
function sayOnce(log: Log) {
  let said = false;
  const ignore = () => {};
  return {
    error(reason: string) {
      if (said) return;
      said = true;
      log.warn({ reason }, 'traces could not be sent; this is said once');
    },
    warn: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
}
