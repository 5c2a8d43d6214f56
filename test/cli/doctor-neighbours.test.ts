import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { SECRET_KEY, startBucket } from '../kit/bucket-server.ts';
import { sample } from '../kit/builds.ts';
import { type Smtp, startSmtp } from '../kit/smtp.ts';
import { answering, startTextGateway } from '../kit/text-gateway.ts';
import { dataFolder } from './doctor-kit.ts';
import { operate } from './operator.ts';

describe('doctor and what stands around the database', () => {
  const data = dataFolder();
  const { doctor, start } = data;
  let smtp: Smtp | null = null;
  afterEach(async () => {
    await smtp?.stop();
    smtp = null;
  });

  test('a proxy that nobody named, and an address that leads elsewhere', async () => {
    await start();
    smtp = await startSmtp();
    const elsewhere = await startTextGateway(answering(200, '{"issuer":"https://other.example"}'));
    const here = `http://localhost:${elsewhere.port}`;
    const mails = { SMTP_URL: smtp.url, SUPPORT_EMAIL: 'help@example.org' };
    const closed = await doctor({ ...mails, BASE_URL: 'https://id.example.org', PORT: '1' });
    expect(closed.sick).toEqual({ trusted_proxies: expect.stringContaining('TRUSTED_PROXIES is not set') });
    const named = { ...mails, BASE_URL: 'https://id.example.org', TRUSTED_PROXIES: '10.0.0.5/32', PORT: '1' };
    expect((await doctor(named)).sick).toEqual({});
    // Something answers where the server should; it calls itself by another name.
    const wrong = await doctor({ BASE_URL: here, PORT: String(elsewhere.port) });
    expect(wrong.sick).toEqual({
      public_address: `something else answers at ${here}: an issuer that calls itself https://other.example`,
    });
    const away = await doctor({ BASE_URL: 'http://localhost:1', PORT: String(elsewhere.port) });
    expect(away.sick).toEqual({
      public_address: expect.stringMatching(/^http:\/\/localhost:1 cannot be reached from here: /),
    });
    await elsewhere.stop();
  });

  test('a build whose file is not here, as in a folder that the instances do not share, and a bucket that is away', async () => {
    await start();
    const deb = join(data.path, 'notes.deb');
    writeFileSync(deb, sample('deb').bytes);
    const release = (...args: string[]) => operate({ DATA_DIR: data.path }, ['store', ...args]);
    expect((await release('create', 'notes', '--name', 'Notes')).code).toBe(0);
    expect((await release('upload', 'notes', deb, '--version', '1.0')).code).toBe(0);
    expect((await doctor()).sick).toEqual({});

    const bucket = await startBucket();
    const other = await doctor({ BUILDS_URL: bucket.url });
    expect(other.sick).toEqual({
      builds: expect.stringMatching(
        /^1 of 1 are not in the bucket the-bucket at http:.*is it the bucket that/,
      ),
    });
    for (const name of readdirSync(join(data.path, 'builds')))
      bucket.objects.set(`builds/${name}`, { bytes: Buffer.from('x'), at: 0 });
    expect((await doctor({ BUILDS_URL: bucket.url })).sick).toEqual({});
    bucket.objects.set('builds-owner', { bytes: Buffer.from('another'), at: 0 });
    expect((await doctor({ BUILDS_URL: bucket.url })).sick).toEqual({
      builds: expect.stringMatching(
        /^the bucket the-bucket at .* belongs to another database, .*remove the object “builds-owner”/,
      ),
    });
    await bucket.close();
    const away = await doctor({ BUILDS_URL: bucket.url });
    expect(away.sick).toEqual({
      builds: expect.stringMatching(/^the bucket the-bucket .* can't be read: .*check the address, the key/),
    });
    expect(JSON.stringify(away)).not.toContain(SECRET_KEY);

    for (const name of readdirSync(join(data.path, 'builds')))
      if (/^[0-9a-f]{32}$/.test(name)) rmSync(join(data.path, 'builds', name));
    expect((await doctor()).sick).toEqual({
      builds: expect.stringMatching(/^1 of 1 are not in .*builds: several instances must share that folder/),
    });
  });

  test('the private port of the metrics, taken by another program or not listened on by the server that runs', async () => {
    await start();
    const other = await startTextGateway(answering(200, 'hello'));
    const taken = await doctor({ METRICS_PORT: String(other.port) });
    expect(taken.sick).toEqual({
      metrics: expect.stringContaining('METRICS_PORT is in use by another program'),
    });
    const dumb = await doctor({ METRICS_PORT: '1', PORT: String(other.port) });
    expect(dumb.sick.metrics).toMatch(/^nothing answers at .*:1\/metrics, though the server runs/);
    await other.stop();
    const free = await doctor({ METRICS_PORT: String(other.port) });
    expect(free.sick).toEqual({});
  });

  test('traces that nobody collects', async () => {
    await start();
    const collector = await startTextGateway(answering(200));
    const address = `http://user:geheim@127.0.0.1:${collector.port}`;
    const there = await doctor({ OTEL_EXPORTER_OTLP_ENDPOINT: address });
    expect(there.sick).toEqual({});
    await collector.stop();
    const away = await doctor({ OTEL_EXPORTER_OTLP_ENDPOINT: address });
    expect(away.sick).toEqual({
      traces: expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT: no collector listens at 127\.0\.0\.1:/),
    });
    expect(JSON.stringify([there, away])).not.toContain('geheim');
  });

  test('R58: everybody comes from one address inside: TRUSTED_PROXIES names another one, or that proxy does not say who asks', async () => {
    await start();
    smtp = await startSmtp();
    const site = {
      ...{ SMTP_URL: smtp.url, SUPPORT_EMAIL: 'help@example.org' },
      ...{ BASE_URL: 'https://id.example.org', PORT: '1' },
    };
    const database = openDatabase(`sqlite:${join(data.path, 'countersign.db')}`);
    const come = async (network: string, times: number, people = 3) => {
      for (let n = 0; n < times; n++)
        await database.db
          .insertInto('audit_event')
          .values({
            ...{ at: Date.now(), event: 'sign_in.password', outcome: 'success', actor: null, method: 'pwd' },
            ...{ subject: `person-${n % people}`, network, browser: null, request_id: null, detail: '{}' },
          })
          .execute();
    };
    const seen = async (proxies: string) => (await doctor({ ...site, TRUSTED_PROXIES: proxies })).sick;
    await come('10.0.0.9', 40, 2);
    expect(await seen('10.0.0.5/32')).toEqual({});
    await come('10.0.0.9', 1, 1);
    await come('10.0.0.9', 3);
    expect(await seen('10.0.0.5/32')).toEqual({
      visitors: expect.stringMatching(
        /^the last 44 records, of 3 people, all come from 10\.0\.0\.9, which TRUSTED_PROXIES does not name/,
      ),
    });
    expect(await seen('10.0.0.5/32, 10.0.0.8/30')).toEqual({
      visitors: expect.stringContaining('which TRUSTED_PROXIES names: that proxy sends no X-Forwarded-For'),
    });
    // On one's own machine it is always so.
    expect((await doctor()).sick).toEqual({});
    await come('192.0.2.7', 1);
    expect(await seen('10.0.0.5/32')).toEqual({});
    await database.close();
  });

  test('the mail server: greeted without sending anything; away, or refusing', async () => {
    await start();
    smtp = await startSmtp();
    const env = { SMTP_URL: smtp.url, SUPPORT_EMAIL: 'help@example.org' };
    const { sick, checks } = await doctor(env);
    expect(sick).toEqual({});
    const mail = checks.find(({ name }) => name === 'mail');
    expect(mail?.message).toBe(`127.0.0.1:${smtp.port} answers; mails come from no-reply@localhost`);
    expect(smtp.received).toEqual([]);
    const away = await doctor({ ...env, SMTP_URL: 'smtp://user:geheim@127.0.0.1:1' });
    expect(away.sick).toEqual({
      mail: expect.stringContaining('SMTP_URL: 127.0.0.1:1 does not accept mails'),
    });
    expect(JSON.stringify(away)).not.toContain('geheim');
  });

  test('text messages: off, in the mailbox, or by a gateway that is named and asked for nothing', async () => {
    await start();
    const texts = async (env: Record<string, string>) => {
      const { sick, checks } = await doctor(env);
      return { sick, message: checks.find(({ name }) => name === 'text_messages')?.message };
    };
    expect((await texts({})).message).toBe('local mode: text messages go to http://localhost:3000/mailbox');
    smtp = await startSmtp();
    const mails = { SMTP_URL: smtp.url, SUPPORT_EMAIL: 'help@example.org' };
    expect((await texts(mails)).message).toBe('off: SMS_URL is not set');

    const gateway = await startTextGateway(answering(404));
    const url = `kannel+http://user:geheim@127.0.0.1:${gateway.port}/cgi-bin/sendsms`;
    const there = await texts({ SMS_URL: url });
    expect(there.sick).toEqual({});
    expect(there.message).toMatch(`Kannel at http://127.0.0.1:${gateway.port} answers`);
    expect(gateway.asked).toMatchObject([{ method: 'GET', path: '/', body: '' }]);
    await gateway.stop();
    const away = await texts({ SMS_URL: url });
    expect(away.sick).toEqual({
      text_messages: expect.stringMatching(
        /^SMS_URL: Kannel at .* does not answer: (ECONNREFUSED|UND_ERR_SOCKET)/,
      ),
    });
    const wrong = await texts({ SMS_URL: 'smpp://user:geheim@gw' });
    expect(wrong.sick).toEqual({ text_messages: expect.stringMatching(/^SMS_URL takes twilio/) });
    expect(JSON.stringify([there, away, wrong])).not.toContain('geheim');
  });
});
