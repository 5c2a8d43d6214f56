import { createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { verifyInTurn } from './argon.ts';
import { committer } from './floor-commit.ts';
import { openFloor, tokenHash } from './floor-store.ts';
import { codeAt, stepAt } from './people.ts';

// The least honest work that signs somebody in: no framework, no page, no audit, no throttle, no sealed secret.
// PORT=… node test/bench/floor.ts FILE plain|grouped

const [file, mode] = process.argv.slice(2);
if (!file || (mode !== 'plain' && mode !== 'grouped')) throw new Error('floor.ts FILE plain|grouped');

const db = openFloor(file);
const commit = committer(db, mode);
const account = db.prepare('SELECT id, password_hash FROM account WHERE email = ?');
const begin = db.prepare('INSERT INTO pending (hash, account_id, expires_at) VALUES (?, ?, ?)');
const spend = db.prepare(
  'UPDATE pending SET attempts = attempts + 1 WHERE hash = ? AND attempts < 5 AND expires_at > ? RETURNING account_id',
);
const secret = db.prepare('SELECT secret FROM account WHERE id = ?');
const claim = db.prepare('UPDATE account SET last_step = ? WHERE id = ? AND last_step < ?');
const consume = db.prepare('DELETE FROM pending WHERE hash = ?');
const insertSession = db.prepare('INSERT INTO session (hash, account_id, expires_at) VALUES (?, ?, ?)');
const session = db.prepare('SELECT account_id FROM session WHERE hash = ? AND expires_at > ?');

async function signIn(form: URLSearchParams, response: ServerResponse): Promise<void> {
  const found = account.get(form.get('email'));
  if (!found || !(await verifyInTurn(found.password_hash as string, form.get('password') ?? '')))
    return refuse(response, 422);
  const token = randomBytes(32).toString('base64url');
  const hash = tokenHash(token);
  await commit(() => begin.run(hash, found.id!, Date.now() + 600_000));
  redirect(response, '/second-step', `pending=${token}`);
}

async function secondStep(cookie: string, form: URLSearchParams, response: ServerResponse): Promise<void> {
  const pending = tokenHash(cookieValue(cookie, 'pending'));
  // The attempt is spent for good before the code is looked at.
  const spent = await commit(() => spend.get(pending, Date.now()));
  if (!spent) return refuse(response, 422);
  const id = spent.account_id as number;
  const step = matchStep(secret.get(id)!.secret as Uint8Array, form.get('code') ?? '');
  if (step === null) return refuse(response, 422);
  const token = randomBytes(32).toString('base64url');
  const hash = tokenHash(token);
  const claimed = await commit(() => {
    if (claim.run(step, id, step).changes !== 1) return false;
    consume.run(pending);
    insertSession.run(hash, id, Date.now() + 12 * 3600_000);
    return true;
  });
  if (!claimed) return refuse(response, 422);
  redirect(response, '/page', `session=${token}`);
}

function matchStep(secret: Uint8Array, code: string): number | null {
  // One key for three codes: making it costs more than using it.
  const key = createSecretKey(secret);
  const typed = Buffer.from(code.padEnd(6).slice(0, 6));
  const now = stepAt(Date.now());
  let matched: number | null = null;
  for (const step of [now - 1, now, now + 1])
    if (timingSafeEqual(Buffer.from(codeAt(key, step)), typed)) matched = step;
  return matched;
}

function check(cookie: string): number | undefined {
  return session.get(tokenHash(cookieValue(cookie, 'session')), Date.now())?.account_id as number | undefined;
}

function cookieValue(cookie: string, name: string): string {
  const at = cookie.indexOf(`${name}=`);
  if (at < 0) return '';
  const end = cookie.indexOf(';', at);
  return cookie.slice(at + name.length + 1, end < 0 ? undefined : end);
}

function redirect(response: ServerResponse, location: string, cookie: string): void {
  response.writeHead(303, {
    location,
    'set-cookie': `${cookie}; Path=/; HttpOnly; SameSite=Lax`,
    'content-length': 0,
  });
  response.end();
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 }).end();
}

function page(response: ServerResponse, id: number): void {
  const html = `<!doctype html><html lang="en"><title>Security</title><main><h1>Security</h1><p>Account ${id}</p></main>`;
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(html) };
  response.writeHead(200, headers).end(html);
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return new URLSearchParams(body);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const cookie = request.headers.cookie ?? '';
  switch (`${request.method} ${request.url}`) {
    case 'POST /sign-in':
      return signIn(await formOf(request), response);
    case 'POST /second-step':
      return secondStep(cookie, await formOf(request), response);
    case 'GET /check':
      return refuse(response, check(cookie) === undefined ? 401 : 204);
    case 'GET /page': {
      const id = check(cookie);
      return id === undefined ? refuse(response, 401) : page(response, id);
    }
    case 'GET /ready':
      return refuse(response, 200);
    default:
      return refuse(response, 404);
  }
}

createServer((request, response) => {
  answer(request, response).catch((error: Error) => {
    console.error(error);
    response.headersSent || refuse(response, 500);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');

// An orderly exit, so that a profile of it is written.
process.on('SIGTERM', () => process.exit(0));
