import { generateKeyPairSync, sign } from 'node:crypto';
import { promisify } from 'node:util';
import formbody from '@fastify/formbody';
import fastify from 'fastify';

// The floor of a token endpoint: Fastify, one route that reads the form and signs one JWT, in another thread.

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signed = promisify(sign);
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const app = fastify();
app.register(formbody);
app.get('/ready', async () => ({ status: 'ok' }));
app.post('/token', async (request) => {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'http://localhost', aud: 'bench', sub: request.body.code, iat: now, exp: now + 3600 };
  const data = `${encode({ alg: 'RS256', kid: 'bench', typ: 'JWT' })}.${encode(claims)}`;
  const signature = await signed('sha256', Buffer.from(data), privateKey);
  return { id_token: `${data}.${signature.toString('base64url')}`, token_type: 'Bearer', expires_in: 3600 };
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
