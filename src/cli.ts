import { runCommand } from './cli/run.ts';

// The operator's commands. Nothing is left running, so the process ends by itself when all output is through.
// A reader that goes away early is told by the write that fails.
process.stdout.on('error', () => {});
process.exitCode = await runCommand(process.argv.slice(2), process);
