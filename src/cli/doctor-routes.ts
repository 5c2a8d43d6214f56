import type { Config } from '../config.ts';
import type { Route } from '../web/route.ts';
import type { Check } from './check.ts';
import { CARRIERS, type Carried, type Carrier, carry, openTrial, type Trial } from './trial.ts';

/**
 * What anybody may call, by method and path. Written down here once more, and not read from the routes themselves: a
 * route that is open by mistake must not excuse itself (A10). A new public page is added to this list on purpose.
 */
const PUBLIC = new Set(
  [
    'GET /assets/:name',
    'GET /favicon.ico',
    'GET /healthz',
    'GET /readyz',
    'GET /help',
    'GET /mailbox',
    'GET /.well-known/change-password',
    'GET /check-email',
    'GET /not-me/done',
    'POST /sign-out',
    'POST /sign-in/cancel',
    ...['/sign-in', '/sign-up', '/setup', '/invitation', '/forgot-password', '/reset-password'],
    ...['/enrol', '/email-change', '/not-me', '/undo'],
  ].flatMap((line) => (line.startsWith('/') ? [`GET ${line}`, `POST ${line}`] : [line])),
);
/** The second step itself, open to the pending cookie and to nothing else. */
const isSecondStep = (path: string): boolean => /^\/sign-in\/(factor(\/.*)?|cancel)$/.test(path);

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Method = (typeof METHODS)[number];

/** One route, and what it answered to each carrier. */
export interface RouteCalls {
  readonly method: Method;
  readonly path: string;
  readonly answers: Readonly<Partial<Record<Carrier, number>>>;
  /** Why it must not be so; empty when all is well. */
  readonly problems: readonly string[];
}

/** Calls every route as somebody who got no further than the password. */
export async function checkRoutes(config: Config): Promise<{ checks: Check[]; calls: RouteCalls[] }> {
  const trial = await openTrial(config);
  try {
    const calls: RouteCalls[] = [];
    for (const path of new Set(trial.app.routes.map((route) => route.path))) {
      for (const method of METHODS) calls.push(await callRoute(trial, method, path));
    }
    return { calls, checks: calls.map(asCheck) };
  } finally {
    await trial.close();
  }
}

async function callRoute(trial: Trial, method: Method, path: string): Promise<RouteCalls> {
  const route = trial.app.routes.find((one) => one.path === path && one.method === method);
  const answers: Partial<Record<Carrier, number>> = {};
  const problems: string[] = [];
  // A method that the path does not have is refused before anything is read.
  for (const carrier of route ? CARRIERS : (['pending'] as const)) {
    const token = await trial.pending();
    const answer = await send(trial, { method, path, route }, carry(carrier, token, trial));
    answers[carrier] = answer.status;
    const problem = complain(trial, { method, path, carrier }, answer);
    if (problem) problems.push(`${carrier}: ${problem}`);
  }
  return { method, path, answers, problems };
}

interface Answer {
  readonly status: number;
  readonly location: string;
  readonly cookies: readonly string[];
  readonly body: string;
}

async function send(
  { app, person }: Trial,
  { method, path, route }: { method: Method; path: string; route: Route | undefined },
  { headers, fields, query }: Carried,
): Promise<Answer> {
  // Their own factor: what a person could reach with a whole sign-in.
  const url = path.replace(/:\w+/g, person.factorId) + query;
  const form =
    method === 'POST'
      ? { payload: new URLSearchParams({ ...sampleBody(route, person), ...fields }).toString() }
      : {};
  const response = await app.server.inject({
    method,
    url,
    headers: {
      // A refusal then has a status of its own; a success is what it is for a browser.
      accept: 'application/json',
      'sec-fetch-site': 'same-origin',
      ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      ...headers,
    },
    ...form,
  });
  return {
    status: response.statusCode,
    location: String(response.headers.location ?? ''),
    cookies: [response.headers['set-cookie'] ?? []].flat(),
    body: response.body,
  };
}

/** Every field that the route asks for: a call that is let in must not fail at its form. */
function sampleBody(
  route: Route | undefined,
  { email, password, factorId }: Trial['person'],
): Record<string, string> {
  const values: Record<string, string> = {
    email,
    password,
    current_password: password,
    new_password: 'another-long-sample-phrase',
    code: '000000',
    token: 'A'.repeat(43),
    return_to: '/account',
    replaces: factorId,
    locale: 'en',
    time_zone: 'Europe/Berlin',
  };
  const shape = (route?.body as { shape?: Record<string, unknown> } | undefined)?.shape ?? {};
  return Object.fromEntries(Object.keys(shape).map((name) => [name, values[name] ?? 'sample']));
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
    `and ${others} calls with other methods, refused`,
  ].join('\n');
}
