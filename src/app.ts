import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { accountData, recoveryData } from './accounts/account-data.ts';
import type { OwnData } from './accounts/own-data.ts';
import { adminRoutes } from './admin/routes.ts';
import { isApi } from './api/mount.ts';
import { apiRoutes } from './api/routes.ts';
import { appStoreRoutes } from './app-store/routes.ts';
import { activityData } from './audit/activity-data.ts';
import { createAuditSealer } from './audit/chain.ts';
import { openBuildFiles } from './builds/files/open.ts';
import { publishedData } from './builds/published-data.ts';
import { sweepBuilds } from './builds/sweep-builds.ts';
import { appData } from './clients/app-data.ts';
import type { Config } from './config.ts';
import { checkKeyRing, loadKeyRing, openSeal } from './database/keys.ts';
import { isEmpty, migrate } from './database/migrate.ts';
import { type Database, type OpenOptions, openDatabase } from './database/open.ts';
import { createMailSender } from './delivery/mail.ts';
import { createMailbox } from './delivery/mailbox.ts';
import { createOutbox, type TaskHandler } from './delivery/outbox.ts';
import { openGateway } from './delivery/sms/all.ts';
import type { Gateway } from './delivery/sms/gateway.ts';
import type { Deps } from './deps.ts';
import { factorRoutes } from './factors/all.ts';
import { factorData } from './factors/factor-data.ts';
import { answersHere } from './factors/working.ts';
import { forwardAuthRoutes } from './forward-auth/routes.ts';
import { groupData } from './groups/group-data.ts';
import { createKeyWatch } from './keys/key-watch.ts';
import { useActiveKey } from './keys/register-key.ts';
import { type Clock, systemClock } from './kit/clock.ts';
import type { Log } from './kit/log.ts';
import { makeFolder } from './kit/make-folder.ts';
import { allMeters, type Meters, noMeters } from './kit/meters.ts';
import { createPasswordHasher, type PasswordHasher } from './kit/password-hash.ts';
import { newId, type Random, systemRandom } from './kit/random.ts';
import { leavingRoutes } from './leaving/routes.ts';
import { mailboxRoutes } from './mailbox/routes.ts';
import { openMetrics } from './metrics/open-metrics.ts';
import { formTargetsFor, oidcRoutes } from './oidc/routes.ts';
import { renewSigningKeys } from './oidc/signing-keys.ts';
import { oidcTasks } from './oidc/tell-client.ts';
import { profileRoutes } from './profile/routes.ts';
import { profileTasks } from './profile/send-email-change-link.ts';
import { recoveryRoutes } from './recovery/routes.ts';
import { securityRoutes } from './security/routes.ts';
import { createLevels } from './sessions/require.ts';
import { browserData, sessionData } from './sessions/session-data.ts';
import { accountEntryRoutes } from './sign-in/account-routes.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { signUpTasks } from './sign-in/sign-up.ts';
import { openTraces } from './tracing/open-traces.ts';
import { createUpkeep } from './upkeep/upkeep.ts';
import { type Assets, loadAssets } from './web/assets.ts';
import { errorPage } from './web/error-page.ts';
import type { RouterOptions } from './web/exchange.ts';
import { healthRoutes } from './web/health.ts';
import { logRequests } from './web/log-requests.ts';
import { meterRequests } from './web/meter-requests.ts';
import { createPrivateServer } from './web/private-server.ts';
import type { Route } from './web/route.ts';
import { mountRoutes } from './web/router.ts';
import { createServer } from './web/server.ts';
import type { Site } from './web/site.ts';
import { staticRoutes } from './web/static.ts';

/** What a person downloads about themself: each room that keeps something of a person adds a line. */
const OWN_DATA: readonly OwnData[] = [
  accountData,
  groupData,
  factorData,
  sessionData,
  browserData,
  appData,
  publishedData,
  recoveryData,
  activityData,
];

/** What tests put in place of the real thing; the product passes none of it. */
export interface Replacements {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly hasher?: PasswordHasher;
  readonly database?: OpenOptions;
}

export interface App {
  readonly deps: Deps;
  readonly database: Database;
  readonly server: FastifyInstance;
  readonly routes: readonly Route[];
  /** The private listener for Prometheus, which `main.ts` has listen; null where none is wanted. */
  readonly metrics: Server | null;
  /** Starts deliveries and the audit sealer; requests are served without it too. */
  startWork(): void;
  /** From now on `/readyz` says no; all else is served as before. */
  drain(): void;
  /** Finishes requests and deliveries in flight, then lets go of the database. */
  close(): Promise<void>;
}

/** Puts every concrete part in its place. The only file that names them all. */
export async function createApp(config: Config, log: Log, replacements: Replacements = {}): Promise<App> {
  const metrics = config.metrics === null ? null : await openMetrics();
  const traces = config.traces && (await openTraces(config.traces, config.databaseUrl, log));
  const meters = allMeters([metrics, traces].flatMap((one) => one?.meters ?? []));
  const deps = await createDeps(config, log, replacements, meters);
  const building = { ...deps, files: openBuildFiles(config) };
  const levels = createLevels(deps);
  const assets = loadAssets(config);
  const site = siteOf(config, assets);
  let draining = false;
  const routes: Route[] = [
    ...staticRoutes(assets, levels.everyone),
    ...healthRoutes(deps, () => draining, levels.everyone),
    ...signInRoutes(deps, site, levels),
    ...securityRoutes(deps, site, levels),
    ...factorRoutes(deps, site, levels),
    ...accountEntryRoutes(deps, site, levels),
    ...profileRoutes(deps, site, levels),
    ...leavingRoutes(deps, site, levels, OWN_DATA),
    ...adminRoutes(deps, site, levels, OWN_DATA),
    ...recoveryRoutes(deps, site, levels),
    ...oidcRoutes(deps, site, levels),
    ...appStoreRoutes(building, site, levels),
    ...forwardAuthRoutes(deps, site, levels, assets),
    ...mailboxRoutes(deps, site, levels),
    ...apiRoutes(building, levels.everyone),
  ];
  const options: RouterOptions = {
    baseUrl: config.baseUrl,
    secure: config.secure,
    clock: deps.clock,
    random: deps.random,
    log,
    meters,
    errorPage: (visit, context) => errorPage(site, visit, context),
    formTargets: formTargetsFor(deps),
    isForPrograms: isApi,
  };
  const server = createServer(config.trustedProxies, options);
  logRequests(server, log);
  if (meters !== noMeters) meterRequests(server, meters);
  mountRoutes(server, routes, options);
  const shown = metrics && createPrivateServer('/metrics', metrics.show(deps));
  const sealer = createAuditSealer(deps);
  const keyWatch = createKeyWatch(deps);
  const upkeep = createUpkeep(deps, [() => renewSigningKeys(deps), () => sweepBuilds(building)]);
  return {
    deps,
    database: deps.database,
    server,
    routes,
    metrics: shown,
    startWork() {
      deps.outbox.start();
      sealer.start();
      upkeep.start();
      keyWatch.start();
    },
    drain() {
      draining = true;
      // A proxy then keeps no connection that it might send a request down just as it is closed.
      server.server.prependListener('request', (_request, response) => {
        response.shouldKeepAlive = false;
      });
    },
    async close() {
      upkeep.stop();
      await keyWatch.stop();
      await server.close();
      shown?.close();
      shown?.closeAllConnections();
      await deps.outbox.stop();
      await sealer.stop();
      await deps.database.close();
      await traces?.close();
    },
  };
}

/** Everything but the web: what the operator's commands need too. */
export async function createDeps(
  config: Config,
  log: Log,
  replacements: Replacements = {},
  meters: Meters = noMeters,
): Promise<Deps> {
  const clock = replacements.clock ?? systemClock;
  const random = replacements.random ?? systemRandom;
  const gateway = config.smsUrl === null ? null : openGateway(config.smsUrl, clock);
  if (config.databaseUrl.startsWith('sqlite:')) makeFolder(config.dataDir);
  const database = openDatabase(config.databaseUrl, {
    poolSize: config.databasePool,
    ...replacements.database,
    meters,
  });
  try {
    const empty = await isEmpty(database);
    const ring = loadKeyRing(config, empty, random);
    const seal = openSeal(config, ring, random);
    // Somebody else's keys: then nothing is changed, not even the schema.
    if (!empty) await checkKeyRing(database, seal);
    await migrate(database, clock);
    if (empty) await checkKeyRing(database, seal);
    await useActiveKey({ config, database, clock, random, seal }, ring);
    const hasher = replacements.hasher ?? createPasswordHasher(config.argon2, random, undefined, meters);
    const { mail, sms } = createSenders(config, gateway, { database, clock, seal });
    const tasks = new Map<string, TaskHandler>();
    const outbox = createOutbox({
      database,
      clock,
      random,
      seal,
      log,
      mail,
      sms,
      tasks,
      meters,
      holder: newId(random),
    });
    const deps = {
      config,
      database,
      clock,
      random,
      seal,
      hasher,
      outbox,
      log,
      answersHere,
      clockOffset: { ms: 0 },
      broken: new Map<string, number>(),
    };
    for (const [name, handler] of Object.entries({
      ...signUpTasks(deps),
      ...profileTasks(deps),
      ...oidcTasks(deps),
    })) {
      tasks.set(name, handler);
    }
    return deps;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** In local mode nothing leaves the machine, but where somebody has set up a gateway for text messages. */
function createSenders(config: Config, gateway: Gateway | null, parts: Parameters<typeof createMailbox>[0]) {
  const { localMode, smtpUrl } = config;
  const mailbox = createMailbox(parts);
  return {
    mail: localMode || smtpUrl === null ? mailbox.mail : createMailSender({ ...config, smtpUrl }),
    sms: gateway ?? (localMode ? mailbox.sms : null),
  };
}

function siteOf(config: Config, { logo, asset }: Assets): Site {
  return {
    brand: config.brand,
    baseUrl: config.baseUrl,
    supportEmail: config.supportEmail,
    privacyUrl: config.privacyUrl,
    termsUrl: config.termsUrl,
    localMode: config.localMode,
    keepsTexts: config.localMode && config.smsUrl === null,
    signUpOpen: config.signUp === 'open',
    logo,
    asset,
  };
}
