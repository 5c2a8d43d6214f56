import { spawnSync } from 'node:child_process';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { killDuringEnrolment } from './kill-enrolment.ts';

const CLI = new URL('../../src/cli.ts', import.meta.url).pathname;
const PASSWORD = 'mild-copper-walrus-42';

/** As the operator makes members, beside the running server. */
function addMember(server: ServerProcess, email: string): void {
  const made = spawnSync(
    process.execPath,
    [CLI, 'account', 'create', '--email', email, '--name', 'Member', '--password-stdin', '--json'],
    {
      env: { PATH: process.env['PATH'] ?? '', DATA_DIR: server.dataDir },
      input: `${PASSWORD}\n`,
      encoding: 'utf8',
    },
  );
  if (made.status !== 0) throw new Error(`account create: ${made.stderr}`);
}

/** Kills at moments spread over the enrolment, whose length is measured first. */
export async function crashRounds(rounds: number): Promise<{ problems: string[]; on: number; off: number }> {
  let server = await startServer();
  const problems: string[] = [];
  let on = 0;
  try {
    let longest = 400;
    for (let round = 0; round < rounds; round++) {
      const email = `member${round}@example.org`;
      addMember(server, email);
      const delay = longest * ((round + Math.random()) / rounds);
      const outcome = await killDuringEnrolment(server, { email, password: PASSWORD }, delay);
      server = outcome.server;
      problems.push(
        ...outcome.problems.map((problem) => `round ${round}, after ${Math.round(delay)} ms: ${problem}`),
      );
      if (outcome.on) {
        on++;
        // It was over before the kill: the moments lie too late.
        longest = Math.max(100, longest * 0.98);
      }
    }
  } finally {
    await server.remove();
  }
  return { problems, on, off: rounds - on };
}
