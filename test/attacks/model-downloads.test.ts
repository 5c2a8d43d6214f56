import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { download } from '../../src/factors/webauthn/metadata/download.ts';
import { MetadataRefused } from '../../src/factors/webauthn/metadata/read-metadata.ts';
import { MINUTE, SECOND } from '../kit/attack-kit.ts';
import { type MetadataServer, startMetadataServer } from '../kit/metadata-server.ts';

let server: MetadataServer;
beforeAll(async () => {
  server = await startMetadataServer('');
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(server, { file: '', status: 200, answer: null });
});

describe('R23: what is fetched', () => {
  const refused = async (why: string | RegExp) => {
    const told = await download(server.url).catch((error: unknown) => error);
    expect(told).toBeInstanceOf(MetadataRefused);
    expect((told as Error).message).toMatch(why);
  };

  /** Every limit of time is this one; `asked`: what it would have been. */
  async function withPatience(ms: number, work: (asked: () => number[]) => Promise<void>) {
    const { timeout } = AbortSignal;
    const patience = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(ms));
    try {
      await work(() => patience.mock.calls.map(([length]) => length));
    } finally {
      patience.mockRestore();
    }
  }

  test('is the file as it is, in the type in which FIDO gives it out', async () => {
    const accepted: unknown[] = [];
    server.answer = ({ headers }, response) => {
      accepted.push(headers.accept);
      response.end('a.b.c');
    };
    expect(await download(server.url)).toBe('a.b.c');
    expect(accepted).toEqual(['application/octet-stream, */*']);
    server.answer = (_request, response) => response.writeHead(204).end();
    expect(await download(server.url)).toBe('');
  });

  test('is no page that comes with another answer than 200', async () => {
    for (const status of [304, 404, 503]) {
      server.status = status;
      await refused(new RegExp(`^MDS_URL answers ${status}$`));
    }
  });

  /** From its front page; any other is the file. */
  const leads = (location: string, status = 302) => {
    server.answer = ({ url }, response) =>
      url === '/' ? response.writeHead(status, { location }).end() : response.end('there');
  };

  test('comes over https at every step, and nothing else is asked on the way', async () => {
    let asked = 0;
    const plain = createServer((_request, response) => {
      asked++;
      response.writeHead(302, { location: `${server.url}there` }).end();
    });
    await new Promise<void>((listening) => plain.listen(0, '127.0.0.1', listening));
    for (const status of [301, 302, 303, 307, 308]) {
      leads(`${server.url}there`, status);
      expect(await download(server.url)).toBe('there');
      leads('there', status);
      expect(await download(server.url)).toBe('there');
      leads(`http://localhost:${(plain.address() as AddressInfo).port}/`, status);
      await refused(/^MDS_URL leads away from https$/);
    }
    expect(asked).toBe(0);
    await new Promise((closed) => plain.close(closed));
    // And not from a server that nobody vouches for.
    leads(`${server.url.replace('localhost', '127.0.0.1')}there`);
    await refused(/^MDS_URL does not answer: ERR_TLS_CERT_ALTNAME_INVALID/);
  });

  test('is five steps away at most, and where no place is named nobody goes', async () => {
    const steps = (most: number) => {
      server.answer = ({ url }, response) => {
        const step = Number(url?.slice(1)) + 1;
        if (step > most) return response.end('there');
        response.writeHead(302, { location: `/${step}` }).end();
      };
    };
    steps(5);
    expect(await download(server.url)).toBe('there');
    steps(6);
    await refused(/^MDS_URL leads from one place to the next$/);
    server.answer = (_request, response) => response.writeHead(302).end();
    await refused(/^MDS_URL answers 302$/);
    leads('https://', 302);
    await refused(/^MDS_URL does not answer: ERR_INVALID_URL/);
    // What it says beside the place is not listened to.
    const left = new Promise((close) => {
      server.answer = ({ url }, response) => {
        if (url !== '/') return response.end('there');
        response.on('close', close).writeHead(302, { location: '/there' }).write('Found, found, ');
      };
    });
    await withPatience(MINUTE, async () => {
      expect(await download(server.url)).toBe('there');
      await left;
    });
    // What is created or unchanged somewhere else leads nowhere.
    leads('/elsewhere', 201);
    expect(await download(server.url)).toBe('');
    leads('/elsewhere', 304);
    await refused(/^MDS_URL answers 304$/);
  });

  test('has 64 MiB at most once it is unpacked, and whoever sends more is not listened to', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    const piece = gzipSync(Buffer.alloc(1024 * 1024, 'a'));
    const most = Buffer.concat(Array.from({ length: 64 }, () => piece));
    // A busy machine takes its time.
    await withPatience(MINUTE, async () => {
      server.answer = (_request, response) => response.writeHead(200, gzip).end(most);
      expect((await download(server.url)).length).toBe(64 * 1024 * 1024);
      // It doesn't end there: whoever waited for the end would say that it took too long.
      server.answer = (_request, response) =>
        response.writeHead(200, gzip).write(Buffer.concat([most, gzipSync('a')]));
      await refused(/^MDS_URL gives more than a list of models can be$/);
    });
  });

  test('comes whole: a server that is away or breaks off is told with what the network says', async () => {
    server.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('a.b');
      setImmediate(() => response.destroy());
    };
    await refused(/^MDS_URL does not answer: (UND_ERR_SOCKET|ECONNRESET)/);
    server.answer = ({ socket }) => socket.destroy();
    await refused(/^MDS_URL does not answer: (UND_ERR_SOCKET|ECONNRESET)/);
    const away = await startMetadataServer('');
    await away.close();
    await expect(download(away.url)).rejects.toThrow(/^MDS_URL does not answer: ECONNREFUSED/);
  });

  test('comes within 10 s, from the first word to the last', async () => {
    await withPatience(60, async (asked) => {
      server.file = null;
      await refused(/^MDS_URL does not answer: it took longer than 10 s$/);
      server.answer = (_request, response) => response.write('a.b');
      await refused(/^MDS_URL does not answer: it took longer than 10 s$/);
      expect(asked()).toEqual([10 * SECOND, 10 * SECOND]);
    });
  });
});
