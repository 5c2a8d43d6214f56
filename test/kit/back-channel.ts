import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Apps that want to hear when a session ends; each below a path of its own. */
export interface BackChannel {
  readonly origin: string;
  /** What was posted to this path and taken, decoded: oldest first. */
  heard(
    path: string,
  ): Promise<{ header: Record<string, unknown>; claims: Record<string, unknown>; token: string }[]>;
  /** Tries that were answered with 503. */
  refused(path: string): number;
  down(path: string): void;
  up(path: string): void;
  close(): Promise<void>;
}

export async function openBackChannel(): Promise<BackChannel> {
  const tokens = new Map<string, string[]>();
  const refusals = new Map<string, number>();
  const ill = new Set<string>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    let body = '';
    for await (const chunk of request) body += chunk;
    if (ill.has(path)) {
      refusals.set(path, (refusals.get(path) ?? 0) + 1);
      response.writeHead(503).end();
      return;
    }
    const token = new URLSearchParams(body).get('logout_token') ?? '';
    tokens.set(path, [...(tokens.get(path) ?? []), token]);
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async heard(path) {
      return (tokens.get(path) ?? []).map((token) => {
        const [header = '', claims = ''] = token.split('.');
        return { header: decode(header), claims: decode(claims), token };
      });
    },
    refused: (path) => refusals.get(path) ?? 0,
    down: (path) => ill.add(path),
    up: (path) => ill.delete(path),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
