import fastify from 'fastify';

// What a process costs that has Fastify and one route: the floor for start-up time and idle memory. Plain JavaScript, so
// that it does not pay for stripping types.

const app = fastify();
app.get('/ready', async () => ({ status: 'ok' }));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
