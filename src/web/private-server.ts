import { createServer, type Server } from 'node:http';

/** What the private listener shows. */
export interface Shown {
  readonly type: string;
  text(): Promise<string>;
}

/** A server of its own for one page that is nobody's business but the operator's (R85): the public one never has it. */
export function createPrivateServer(path: string, shown: Shown): Server {
  return createServer((request, response) => {
    request.resume();
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    if (request.url?.split('?')[0] !== path) {
      response.writeHead(404).end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    shown.text().then(
      (text) => response.writeHead(200, { 'content-type': shown.type }).end(text),
      () => response.writeHead(500).end(),
    );
  });
}
