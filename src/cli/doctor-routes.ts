import type { Config } from '../config.ts';
import { type Answer, CARRIERS, type Carrier, callWith, METHODS, type Method } from './call-with.ts';
import type { Check } from './check.ts';
import { openTrial, type Trial } from './trial.ts';

/**
 * What anybody may call, by method and path. Written down here once more, and not read from the routes themselves: a
 * route that is open by mistake must not excuse itself (A10). A new public page is added to this list on purpose.
 */
const PUBLIC: ReadonlySet<string> = new Set(
  [
    'GET /assets/:name',
    'GET /forward-auth/style.css',
    'GET /favicon.ico',
    'GET /healthz',
    'GET /readyz',
    'GET /help',
    'GET /mailbox',
    'GET /.well-known/change-password',
    'GET /check-email',
    'GET /enrol',
    'GET /not-me/done',
    'POST /sign-out',
    'POST /sign-in/passkey',
    ...['/sign-in', '/sign-up', '/setup', '/invitation', '/forgot-password', '/reset-password'],
    'GET /recover/cancelled',
    'GET /.well-known/openid-configuration',
    'GET /.well-known/oauth-authorization-server',
    'GET /oidc/jwks',
    // They want an app's secret, or its person's token.
    'POST /oidc/token',
    'POST /oidc/revoke',
    'POST /oidc/introspect',
    'GET /oidc/userinfo',
    'POST /oidc/userinfo',
    // A request without an app is refused on a page of ours.
    'GET /oidc/authorize',
    'POST /oidc/authorize',
    'GET /oidc/logout',
    'POST /oidc/logout',
    'POST /oidc/logout/confirm',
    ...['/not-me', '/undo', '/recover/cancel', '/temporary-pass'],
    'GET /api/v1/openapi.json',
  ].flatMap((line) => (line.startsWith('/') ? [`GET ${line}`, `POST ${line}`] : [line])),
);
/** The second step itself, and the cry for help beside it: open to the pending cookie and to nothing else. */
const isSecondStep = (path: string): boolean => /^\/(sign-in\/(factor(\/.*)?|cancel)|recover)$/.test(path);

/** One route, and what it answered to each carrier. */
export interface RouteCalls {
  readonly method: Method;
  readonly path: string;
  readonly answers: Readonly<Partial<Record<Carrier, number>>>;
  /** Why it must not be so; empty when all is well. */
  readonly problems: readonly string[];
}

interface Report {
  readonly checks: Check[];
  readonly calls: RouteCalls[];
}

/** Calls every route as somebody who got no further than the password. */
export async function checkRoutes(config: Config): Promise<Report> {
  const trial = await openTrial(config);
  try {
    return await checkRoutesOf(trial);
  } finally {
    await trial.close();
  }
}

export async function checkRoutesOf(trial: Trial): Promise<Report> {
  const calls: RouteCalls[] = [];
  for (const path of new Set(trial.app.routes.map((route) => route.path))) {
    for (const method of METHODS) calls.push(await callRoute(trial, method, path));
  }
  return { calls, checks: calls.map(asCheck) };
}

async function callRoute(trial: Trial, method: Method, path: string): Promise<RouteCalls> {
  const route = trial.app.routes.find((one) => one.path === path && one.method === method);
  const answers: Partial<Record<Carrier, number>> = {};
  const problems: string[] = [];
  // A method that the path does not have is refused before anything is read.
  for (const carrier of route ? CARRIERS : (['pending'] as const)) {
    const answer = await callWith(trial, carrier, { method, path, route });
    answers[carrier] = answer.status;
    const problem = complain(trial, { method, path, carrier }, answer);
    if (problem) problems.push(`${carrier}: ${problem}`);
  }
  return { method, path, answers, problems };
}

/** Why this answer must not be; null when it is fine. */
function complain(
  { secrets, app }: Trial,
  { method, path, carrier }: { method: Method; path: string; carrier: Carrier },
  { status, location, cookies, body }: Answer,
): string | null {
  if (status >= 500) return `answered ${status}`;
  const secure = app.deps.config.secure ? '__Host-' : '';
  if (cookies.some((line) => new RegExp(`^${secure}session=[^;]`).test(line))) return 'gave a session';
  const secondStep = isSecondStep(path) && carrier === 'pending';
  if (!secondStep && path !== '/mailbox' && secrets.some((secret) => body.includes(secret))) {
    return 'showed something of the account';
  }
  if (secondStep || PUBLIC.has(`${method === 'HEAD' ? 'GET' : method} ${path}`)) return null;
  if ([401, 403, 404, 405].includes(status)) return null;
  // Which methods an address takes, and nothing else.
  if (method === 'OPTIONS' && status === 204 && body === '') return null;
  if (status === 303 && /^\/sign-in(\?|$)/.test(location)) return null;
  return `answered ${status}${location ? ` to ${location}` : ''}`;
}

function asCheck({ method, path, answers, problems }: RouteCalls): Check {
  const told = Object.entries(answers).map(([carrier, status]) => `${carrier} ${status}`);
  const message = problems.length > 0 ? problems.join('; ') : told.join(', ');
  return { name: `${method} ${path}`, ok: problems.length === 0, message };
}

/** For people: a line a route, a column a carrier. */
export function routeTable(calls: readonly RouteCalls[]): string {
  // A method that is not there and refused says nothing new on sixty lines.
  const shown = calls.filter(
    ({ answers, problems }) => problems.length > 0 || Object.keys(answers).length > 1,
  );
  const width = Math.max(...shown.map(({ path }) => path.length)) + 7;
  const head = `${'route'.padEnd(width)}${CARRIERS.map((carrier) => carrier.padEnd(10)).join('')}`;
  const lines = shown.map(({ method, path, answers, problems }) => {
    const cells = CARRIERS.map((carrier) => String(answers[carrier] ?? '').padEnd(10)).join('');
    return `${`${method.padEnd(5)} ${path}`.padEnd(width)}${cells}${problems.length > 0 ? `FAILED ${problems.join('; ')}` : ''}`;
  });
  const others = calls.length - shown.length;
  return [
    head.trimEnd(),
    ...lines.map((line) => line.trimEnd()),
    `and ${others} calls with other methods, answered as they should be`,
  ].join('\n');
}
