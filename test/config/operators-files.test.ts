import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
/** Every variable that the README names, with those that it names in a row of their own. */
const known = new Set([...read('README.md').matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name));

const isKnown = (name: string): boolean => known.has(name) || known.has(name.replace(/_FILE$/, ''));

interface Service {
  environment: Record<string, string>;
  networks: { inside: { ipv4_address: string } };
  stop_grace_period?: string;
}

describe('what operators are given in ops/', () => {
  const compose = parse(read('ops/compose/compose.yaml'), { merge: true }) as {
    services: Record<string, Service>;
    secrets: Record<string, unknown>;
  };
  const nginx = read('ops/nginx/countersign.conf');

  test('compose: variables that there are, and values that they take', () => {
    const { environment } = compose.services['countersign-1'] as Service;
    expect(Object.keys(environment).filter((name) => !isKnown(name))).toEqual([]);
    const secrets = Object.fromEntries(
      Object.entries(environment).filter(([name]) => name.endsWith('_FILE')),
    );
    for (const path of Object.values(secrets))
      expect(Object.keys(compose.secrets)).toContain(path.replace('/run/secrets/', ''));
    const plain = Object.fromEntries(Object.entries(environment).filter(([name]) => !(name in secrets)));
    const config = readConfig({ ...plain, SMTP_URL: 'smtps://mail', DATABASE_URL: 'postgres://x@db/x' });
    expect(config.localMode).toBe(false);
    expect(compose.services['countersign-2']?.environment).toEqual(environment);
  });

  test('compose and nginx name the same addresses, and nginx is the proxy that is trusted', () => {
    const at = (name: string) => compose.services[name]?.networks.inside.ipv4_address;
    const upstream = [...nginx.matchAll(/server (10\.[\d.]+):3000/g)].map(([, address]) => address);
    expect(upstream).toEqual([at('countersign-1'), at('countersign-2')]);
    const { environment } = compose.services['countersign-1'] as Service;
    expect(environment['TRUSTED_PROXIES']).toBe(`${at('nginx')}/32`);
  });

  test('the container file and the unit: variables that there are, time enough to stop', () => {
    const container = read('ops/compose/Containerfile');
    const [, env = ''] = /^ENV (.*)$/m.exec(container) ?? [];
    const names = env.split(' ').map((pair) => pair.split('=')[0] ?? '');
    expect(names.filter((name) => name !== 'NODE_ENV' && !isKnown(name))).toEqual([]);
    const unit = read('ops/systemd/countersign.service');
    const [, inUnit = ''] = /^Environment=(.*)$/m.exec(unit) ?? [];
    const ours = inUnit.split(' ').map((pair) => pair.split('=')[0] ?? '');
    expect(ours.filter((name) => name !== 'NODE_ENV' && !isKnown(name))).toEqual([]);
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(10);
    expect(compose.services['countersign-1']?.stop_grace_period).toBe('15s');
  });

  test('the operator’s command runs as the service does: its user, folder, variables and Node', () => {
    const command = read('ops/systemd/countersign');
    const unit = read('ops/systemd/countersign.service');
    const inUnit = (name: string) => new RegExp(`^${name}=(\\S+)`, 'm').exec(unit)?.[1];
    const options = Object.fromEntries(
      [...command.matchAll(/--([a-z-]+)=(\S+)/g)].map(([, name, value]) => [
        `${name} ${value?.split('=')[0]}`,
        value,
      ]),
    );
    expect(Object.values(options)).toEqual(
      expect.arrayContaining([
        inUnit('User'),
        inUnit('Group'),
        inUnit('WorkingDirectory'),
        `EnvironmentFile=${inUnit('EnvironmentFile')}`,
        inUnit('Environment'),
        `UMask=${inUnit('UMask')}`,
      ]),
    );
    expect(command).toContain(`${inUnit('ExecStart')} scripts/countersign.js "$@"`);
  });

  test('compose: secrets of files keep their owner, who is the container’s user', () => {
    // The image's `node` is 1000, and Compose knows no `uid` for what is a file.
    expect(read('ops/compose/Containerfile')).toMatch(/^USER node$/m);
    expect(read('ops/compose/compose.yaml')).toContain('chown 1000 secrets/database_url secrets/smtp_url');
  });

  test('docs/operate.md: every link leads somewhere, every variable is one', () => {
    const text = read('docs/operate.md');
    for (const [, path = ''] of text.matchAll(/\]\(([^)]+)\)/g)) expect(read(`docs/${path}`)).not.toBe('');
    const variables = [...text.matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`/g)].map(([, name]) => name as string);
    expect(variables.filter((name) => !isKnown(name))).toEqual([]);
  });
});
