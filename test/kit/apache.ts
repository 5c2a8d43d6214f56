import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Debian's `apache2-bin`, with `libapache2-mod-auth-openidc`. */
const APACHE = '/usr/sbin/apache2';
const MODULES = '/usr/lib/apache2/modules';
const LOADED = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'headers',
  'include',
  'env',
  'dir',
  'mime',
  'auth_openidc',
];

export const apacheInstalled = [APACHE, `${MODULES}/mod_auth_openidc.so`].every((path) => {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
});

/** With this configuration, and one page that says who is signed in. */
export async function startApache(configuration: string, url: string): Promise<{ stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'apache-'));
  // It serves as somebody else than root.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'pages', 'staff'), { recursive: true });
  const page =
    'user=<!--#echo var="REMOTE_USER" --> name=<!--#echo var="OIDC_CLAIM_name" --> acr=<!--#echo var="OIDC_CLAIM_acr" -->\n';
  for (const name of ['index.shtml', 'staff/index.shtml']) writeFileSync(join(folder, 'pages', name), page);
  writeFileSync(
    join(folder, 'apache.conf'),
    [
      `ServerRoot ${folder}`,
      `PidFile ${folder}/pid`,
      `ErrorLog ${folder}/error.log`,
      `DefaultRuntimeDir ${folder}`,
      'ServerName wiki.example.org',
      `Listen ${new URL(url).host}`,
      'User www-data',
      'Group www-data',
      ...LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
      `DocumentRoot ${folder}/pages`,
      `<Directory ${folder}/pages>`,
      '  Options +Includes',
      '  DirectoryIndex index.shtml',
      '</Directory>',
      'TypesConfig /dev/null',
      'AddType text/html .shtml',
      'AddOutputFilter INCLUDES .shtml',
      configuration,
    ].join('\n'),
  );
  const child = spawn(APACHE, ['-D', 'FOREGROUND', '-f', join(folder, 'apache.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url, { redirect: 'manual' }).catch(() => null);
    if (answer) break;
    if (tries > 100 || child.exitCode !== null)
      throw new Error(`apache did not start: ${readFileSync(join(folder, 'error.log'), 'utf8')}`);
    await pause(100);
  }
  return {
    async stop() {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
