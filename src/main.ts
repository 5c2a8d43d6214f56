import { type App, createApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { WrongDatabase } from './database/migrate.ts';
import { createLog, type Log } from './kit/log.ts';
import { setUpLink } from './sign-in/set-up-link.ts';

/** In flight when the signal comes: they have this long (contract: exit within 10 s). */
const PATIENCE_MS = 9_000;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const app = await createApp(config, log);
  await app.server.listen({ port: config.port, host: config.host });
  app.startWork();
  stopOnSignal(app, log);
  await greet(app, config);
}

/** For the person at the terminal; everything else on stdout is JSON lines. */
async function greet(app: App, config: Config): Promise<void> {
  const link = await setUpLink(app.deps);
  console.log(`${config.brand} listens on ${config.baseUrl}`);
  if (link) console.log(`Set up the first administrator with this link, once, within 24 hours:\n${link}`);
  if (config.localMode) console.log(`Mails and text messages go to ${config.baseUrl}/mailbox`);
}

function stopOnSignal(app: App, log: Log): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(0), PATIENCE_MS).unref();
    await app.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
}

try {
  await start();
} catch (error) {
  if (error instanceof ConfigError || error instanceof WrongDatabase) {
    console.error(`Countersign does not start: ${error.message}`);
    process.exit(1);
  }
  if ((error as { code?: string }).code === 'EADDRINUSE') {
    console.error('Countersign does not start: PORT is in use by another program; set PORT to a free one');
    process.exit(1);
  }
  throw error;
}
