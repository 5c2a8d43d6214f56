import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { certify } from './certificates.ts';

const root = certify({ subject: { CN: 'Web Root' }, ca: true });
const host = certify({ subject: { CN: 'localhost' }, hosts: ['localhost'], issuer: root });

export interface MetadataServer {
  readonly url: string;
  /** What it gives; null: it hangs. */
  file: string | null;
  status: number;
  /** What it does in place of that. */
  answer: RequestListener | null;
  /** How often it was asked. */
  asked: number;
  close(): Promise<void>;
}

/** Where the list of key models is fetched, over https that this process trusts. */
export async function startMetadataServer(file: string): Promise<MetadataServer> {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, root.pem]);
  const https = createServer(
    { key: host.key.export({ type: 'pkcs8', format: 'pem' }), cert: host.pem },
    (request, response) => {
      server.asked++;
      if (server.answer) return server.answer(request, response);
      if (server.file === null) return;
      response.writeHead(server.status).end(server.file);
    },
  );
  await new Promise<void>((listening) => https.listen(0, '127.0.0.1', listening));
  const server: MetadataServer = {
    url: `https://localhost:${(https.address() as AddressInfo).port}/`,
    file,
    status: 200,
    answer: null,
    asked: 0,
    async close() {
      setDefaultCACertificates(before);
      https.closeAllConnections();
      await new Promise((closed) => https.close(closed));
    },
  };
  return server;
}
