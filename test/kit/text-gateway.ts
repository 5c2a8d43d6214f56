import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { untrusted } from './untrusted-certificate.ts';

/** What a gateway was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answering = (response: ServerResponse, asked: Asked) => void;

export interface TextGateway {
  readonly port: number;
  readonly asked: Asked[];
  /** May be changed at any time. */
  answer: Answering;
  stop(): Promise<void>;
}

/** Status and body, whole. */
export function answering(status: number, body = '', headers: Record<string, string> = {}): Answering {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Takes the request and says nothing. */
export const hanging: Answering = () => {};

/** A real HTTP server on this machine that plays a gateway. With `tls`, its certificate is trusted by nobody. */
export async function startTextGateway(answer: Answering, { tls = false } = {}): Promise<TextGateway> {
  const sockets = new Set<Socket>();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://gateway');
    const asked: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      parameters: url.searchParams,
      headers: request.headers,
      body: await text(request),
    };
    gateway.asked.push(asked);
    gateway.answer(response, asked);
  };
  const server = tls ? createTlsServer(untrusted, handle) : createServer(handle);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const gateway: TextGateway = {
    port: (server.address() as AddressInfo).port,
    asked: [],
    answer,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return gateway;
}
