import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sealAuditChain } from '../audit/chain.ts';
import { exportAudit } from '../audit/export.ts';
import { verifyAudit } from '../audit/verify.ts';
import { counted } from '../kit/counted.ts';
import { type Call, type Command, CommandRefused, required } from './command.ts';
import { withDeps } from './open.ts';
import { readInstant } from './read-instant.ts';

export const auditCommands: readonly Command[] = [
  { name: 'audit verify', takes: '', does: 'checks that no record was changed or removed', run: verify },
  {
    name: 'audit export',
    takes: '--since T',
    does: 'every record since a day (2026-05-03), an instant (2026-05-03T10:00:00Z) or epoch milliseconds, as JSON lines',
    options: { since: { type: 'string' } },
    run: exportSince,
  },
];

async function verify(call: Call): Promise<void> {
  const { ok, events, head, problems } = await withDeps(call, (deps) => verifyAudit(deps));
  const line = ok
    ? `The audit chain is whole: ${counted(events, 'record')}, head ${head ?? 'none'}`
    : `The audit chain is broken: ${counted(events, 'record')}`;
  await call.print(line, { ok, events, head });
  if (!ok) throw new CommandRefused('audit_broken', problems.join('\n'));
}

async function exportSince(call: Call): Promise<void> {
  const since = readInstant('since', required(call, 'since'));
  await withDeps(call, async (deps) => {
    // What was recorded a moment ago has its link too.
    await sealAuditChain(deps);
    const lines = Readable.from(exportAudit(deps.database.db, since)).map((line: string) => `${line}\n`);
    await pipeline(lines, call.world.stdout, { end: false });
  });
}
