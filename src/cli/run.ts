import { accountCommands } from './account.ts';
import { appStoreCommands } from './app-store.ts';
import { auditCommands } from './audit.ts';
import { backupCommands } from './backup.ts';
import { clientCommands } from './client.ts';
import { type Command, type World, WrongUsage } from './command.ts';
import { doctorCommand } from './doctor.ts';
import { explain } from './explain.ts';
import { groupCommands } from './group.ts';
import { importCommand } from './import.ts';
import { keyCommands } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { findCommand, readCall } from './read-call.ts';
import { setUpLinkCommand } from './set-up-link.ts';
import { rulesCommands } from './two-factor.ts';

const COMMANDS: readonly Command[] = [
  ...accountCommands,
  ...groupCommands,
  ...rulesCommands,
  ...clientCommands,
  setUpLinkCommand,
  ...auditCommands,
  ...appStoreCommands,
  ...keyCommands,
  ...backupCommands,
  importCommand,
  doctorCommand,
  migrateCommand,
];

/** -> the exit code: 0 done, 1 refused, 2 wrong usage (contract, section 3). */
export async function runCommand(args: readonly string[], world: World): Promise<number> {
  if (args.includes('--help') || args.includes('-h') || args[0] === 'help') {
    world.stdout.write(`${usage(COMMANDS)}\n\n${SERVER}\n`);
    return 0;
  }
  let meant = beginningLike(args);
  try {
    const { command, rest } = findCommand(COMMANDS, args);
    meant = [command];
    const done = await command.run(readCall(command, rest, world));
    return done === false ? 1 : 0;
  } catch (error) {
    // `… | head`: the reader has seen enough.
    if ((error as { code?: string }).code === 'EPIPE') return 0;
    const told = explain(error, world.env);
    const json = args.includes('--json');
    const help = error instanceof WrongUsage && !json ? `\n\n${usage(meant)}` : '';
    world.stderr.write(`${json ? JSON.stringify(told) : `countersign: ${told.message}`}${help}\n`);
    return error instanceof WrongUsage ? 2 : 1;
  }
}

const SERVER =
  'The server: `npm start` in a checkout, `countersign start` where it is installed as a package.';

/** `account`, `rules set`: those that begin with this word. All, where none does. */
function beginningLike(args: readonly string[]): readonly Command[] {
  const word = args.find((arg) => arg !== '--json');
  const found = COMMANDS.filter(({ name }) => name.split(' ')[0] === word);
  return found.length > 0 ? found : COMMANDS;
}

function usage(commands: readonly Command[]): string {
  const lines = commands.map(({ name, takes, does }) => `  ${[name, takes].join(' ').trim()}\n      ${does}`);
  return `usage: countersign COMMAND [--json]\n\n${lines.join('\n')}`;
}
