import { readConfig } from '../config.ts';
import { type Check, check } from './check.ts';
import type { Call, Command } from './command.ts';
import { checkAddress } from './doctor-address.ts';
import { lookAtHash } from './doctor-capacity.ts';
import { checkDatabase } from './doctor-database.ts';
import { checkFiles } from './doctor-files.ts';
import { lookAtMail } from './doctor-mail.ts';
import { checkRoutes, routeTable } from './doctor-routes.ts';
import { lookAtTextMessages } from './doctor-text.ts';
import { lookAtVariables, readNoting } from './doctor-variables.ts';
import { lookAtMetrics, lookAtTraces } from './doctor-watching.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  takes: '[--routes]',
  does: 'looks at configuration, clock, mail, text messages and database; --routes: calls every route with a password-only sign-in',
  options: { routes: { type: 'boolean' } },
  async run(call: Call) {
    if (call.flag('routes')) return routes(call);
    const checks = await examine(call.world.env);
    return report(call, checks, checks.map(line).join('\n'));
  },
};

async function routes(call: Call): Promise<boolean> {
  const { checks, calls } = await checkRoutes(readConfig(call.world.env));
  return report(call, checks, routeTable(calls));
}

async function report(call: Call, checks: readonly Check[], text: string): Promise<boolean> {
  const ok = checks.every((one) => one.ok);
  const sick = checks.filter((one) => !one.ok).length;
  const verdict = ok ? 'All is well.' : `${sick} of ${checks.length} checks failed.`;
  await call.print(`${text}\n${verdict}`, { ok, checks });
  return ok;
}

async function examine(env: Call['world']['env']): Promise<Check[]> {
  let read: ReturnType<typeof readNoting> | null = null;
  const configuration = await check('configuration', () => {
    read = readNoting(env);
    return 'every variable has a valid value';
  });
  if (read === null) return [configuration];
  const { config: readable, asked }: ReturnType<typeof readNoting> = read;
  const variables = await check('variables', () => lookAtVariables(env, asked));
  const [files, address, hash, database, mail, texts, metrics, traces] = await Promise.all([
    checkFiles(readable),
    checkAddress(readable),
    check('password_hash', () => lookAtHash(readable)),
    checkDatabase(readable),
    check('mail', () => lookAtMail(readable)),
    check('text_messages', () => lookAtTextMessages(readable)),
    check('metrics', () => lookAtMetrics(readable)),
    check('traces', () => lookAtTraces(readable)),
  ]);
  return [configuration, variables, ...files, ...address, hash, ...database, mail, texts, metrics, traces];
}

function line({ name, ok, message }: Check): string {
  return `${ok ? 'ok    ' : 'FAILED'} ${name}: ${message}`;
}
