import { once } from 'node:events';
import type { Server } from 'node:http';
import { type App, createApp } from './app.ts';
import { explainOpening } from './cli/explain-opening.ts';
import { type Config, readConfig } from './config.ts';
import { argon2 } from './kit/argon2.ts';
import { ConfigError } from './kit/environment.ts';
import { createLog, type Log } from './kit/log.ts';
import { pause } from './kit/pause.ts';
import { setUpLink } from './sign-in/set-up-link.ts';
import { noteAddress } from './upkeep/note-address.ts';

/** In flight when the signal comes: they have this long (contract: exit within 10 s). */
const PATIENCE_MS = 9_000;
const SWEEP_MS = 50;
const AFTER_FIRST_PAGES_MS = 500;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  endOnFault(log);
  const app = await createApp(config, log);
  await app.server
    .listen({ port: config.port, host: config.host })
    .catch((error) => refuseAddress(error, ''));
  if (app.metrics && config.metrics) await listenPrivately(app.metrics, config.metrics);
  app.startWork();
  stopOnSignal(app, config, log);
  await greet(app, config);
  await noteAddress(app.deps);
  // Who can't hash signs nobody in, and should not wait for the first sign-in to find out.
  setTimeout(argon2, AFTER_FIRST_PAGES_MS).unref();
}

const UNUSABLE: Record<string, readonly [name: string, why: string]> = {
  EADDRINUSE: ['PORT', 'is in use by another program; set PORT to a free one'],
  EACCES: ['PORT', 'is one that this process may not listen on; set PORT to 1024 or above'],
  EADDRNOTAVAIL: ['HOST', 'is not an address of this machine'],
  ENOTFOUND: ['HOST', 'is a name that is not known'],
  EAI_AGAIN: ['HOST', 'is a name that is not known'],
};

/** `prefix`: of the variables that are to blame. */
function refuseAddress(error: unknown, prefix: '' | 'METRICS_'): never {
  const found = UNUSABLE[String((error as { code?: unknown }).code)];
  if (!found) throw error;
  const [name, why] = found;
  throw new ConfigError(prefix + name, why.replace('PORT', `${prefix}PORT`));
}

async function listenPrivately(server: Server, { port, host }: { port: number; host: string }) {
  try {
    await once(server.listen({ port, host }), 'listening');
  } catch (error) {
    refuseAddress(error, 'METRICS_');
  }
}

/** For the person at the terminal; everything else on stdout is JSON lines. */
async function greet(app: App, config: Config): Promise<void> {
  const link = await setUpLink(app.deps);
  console.log(`${config.brand} listens on ${config.baseUrl}`);
  if (link) console.log(`Set up the first administrator with this link, once, within 24 hours:\n${link}`);
  const kept = config.smsUrl === null ? 'Mails and text messages' : 'Mails';
  if (config.localMode) console.log(`${kept} go to ${config.baseUrl}/mailbox`);
}

/**
 * What no request and no timer of ours has caught: the state is unknown, so the process ends and is started anew. Through
 * the log, since Node would print the error with all that hangs on it: the row that a database refused (R76).
 */
function endOnFault(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'fault outside of any request');
    process.exit(1);
  });
}

function stopOnSignal(app: App, { drain }: Config, log: Log): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(0), PATIENCE_MS).unref();
    app.drain();
    if (drain > 0) await pause(drain);
    // A browser keeps its connection open after the answer, for whatever may follow; nothing will.
    setInterval(() => app.server.server.closeIdleConnections(), SWEEP_MS).unref();
    await app.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
}

try {
  await start();
} catch (error) {
  const reason = explainOpening(error);
  if (reason === null) throw error;
  console.error(`Countersign does not start: ${reason}`);
  process.exit(1);
}
