import { operate } from '../cli/operator.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { killDuringEnrolment } from './kill-enrolment.ts';

const PASSWORD = 'mild-copper-walrus-42';

/** As the operator makes members, beside the running server. -> the address */
async function addMember(server: ServerProcess, round: number): Promise<string> {
  const email = `member${round}@example.org`;
  const args = ['account', 'create', '--email', email, '--name', 'Member', '--password-stdin'];
  const made = await operate({ DATA_DIR: server.dataDir }, args, `${PASSWORD}\n`);
  if (made.code !== 0) throw new Error(`account create: ${made.stderr}`);
  return email;
}

/** Kills at moments spread over the enrolment, whose length is measured first. */
export async function crashRounds(rounds: number): Promise<{ problems: string[]; on: number; off: number }> {
  let server = await startServer();
  const problems: string[] = [];
  let on = 0;
  try {
    let longest = 400;
    let email: string | null = null;
    for (let round = 0; round < rounds; round++) {
      email ??= await addMember(server, round);
      // The last kill follows the answer at once: what was acknowledged must be there, however busy the machine is.
      const last = round === rounds - 1;
      const delay = last ? 'answered' : longest * ((round + Math.random()) / rounds);
      const outcome = await killDuringEnrolment(server, { email, password: PASSWORD }, delay);
      server = outcome.server;
      problems.push(
        ...outcome.problems.map(
          (problem) =>
            `round ${round}, after ${last ? 'the answer' : `${Math.round(Number(delay))} ms`}: ${problem}`,
        ),
      );
      if (last && !outcome.on) problems.push('answered, but not on');
      if (outcome.on) {
        on++;
        // It was over before the kill: the moments lie too late.
        longest = Math.max(100, longest * 0.98);
        // Whoever was left without tries again, with what the killed tries left behind.
        email = null;
      }
    }
  } finally {
    await server.remove();
  }
  return { problems, on, off: rounds - on };
}
