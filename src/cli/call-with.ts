import { cookieName } from '../web/cookies.ts';
import type { Route } from '../web/route.ts';
import { fieldsAsBody } from './fields-as-body.ts';
import type { Trial } from './trial.ts';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type Method = (typeof METHODS)[number];

/** Every way in which a client could try to pass off the value of its pending cookie as more than it is (A10). */
export const CARRIERS = ['pending', 'session', 'enrolment', 'bearer', 'basic', 'query', 'body'] as const;
export type Carrier = (typeof CARRIERS)[number];

export interface Answer {
  readonly status: number;
  readonly location: string;
  readonly cookies: readonly string[];
  readonly body: string;
}

/** One call of a route; `route` is undefined where the path has no such method. */
export async function callWith(
  trial: Trial,
  carrier: Carrier,
  { method, path, route }: { method: Method; path: string; route: Route | undefined },
): Promise<Answer> {
  const { app, person } = trial;
  const token = await trial.pending();
  const posts = method === 'POST';
  const fields = { ...sampleFields(route, person), ...(carrier === 'body' ? tokenFields(route, token) : {}) };
  const payload = fieldsAsBody(route?.takes, fields);
  const response = await app.server.inject({
    method,
    // Their own factor: what the person could reach with a whole sign-in.
    url: path.replace(/:\w+/g, person.factorId) + (carrier === 'query' ? `?${params(named(token))}` : ''),
    headers: {
      // A refusal then has a status of its own; a success is what it is for a browser.
      accept: 'application/json',
      'sec-fetch-site': 'same-origin',
      ...(posts ? { 'content-type': payload.type } : {}),
      ...headersOf(carrier, token, trial),
    },
    ...(posts ? { payload: payload.text } : {}),
  });
  return {
    status: response.statusCode,
    location: String(response.headers.location ?? ''),
    cookies: [response.headers['set-cookie'] ?? []].flat(),
    body: response.body,
  };
}

function headersOf(carrier: Carrier, token: string, { app, person }: Trial): Record<string, string> {
  switch (carrier) {
    case 'pending':
    case 'session':
    case 'enrolment':
      return { cookie: `${cookieName(carrier, app.deps.config.secure)}=${token}` };
    case 'bearer':
      return { authorization: `Bearer ${token}` };
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${person.email}:${token}`).toString('base64')}` };
    default:
      return {};
  }
}

const params = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
const named = (token: string): Record<string, string> => ({ token, session: token, access_token: token });
const shapeOf = (route: Route | undefined): string[] =>
  Object.keys((route?.body as { shape?: object } | undefined)?.shape ?? {});

/** In the route's own field where it has one: with others beside it the form would be refused unread. */
function tokenFields(route: Route | undefined, token: string): Record<string, string> {
  const all = named(token);
  const own = shapeOf(route).filter((name) => name in all);
  return own.length > 0 ? Object.fromEntries(own.map((name) => [name, token])) : all;
}

/** Every field that the route asks for: a call that is let in must not fail at its form. */
function sampleFields(
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
  return Object.fromEntries(shapeOf(route).map((name) => [name, values[name] ?? 'sample']));
}
