import type { Writable } from 'node:stream';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type Call, type Command, type World, WrongUsage } from './command.ts';

/** `account create --email E`: the words before the first dash name the command. @throws {WrongUsage} */
export function findCommand(
  commands: readonly Command[],
  args: readonly string[],
): { command: Command; rest: readonly string[] } {
  const start = args.findIndex((arg) => arg !== '--json');
  const words = start < 0 ? [] : args.slice(start);
  // The longest name first: `account` alone is none.
  const found = commands
    .filter(({ name }) => name.split(' ').every((word, index) => words[index] === word))
    .sort((left, right) => right.name.length - left.name.length)[0];
  if (found) {
    const before = args.slice(0, Math.max(0, start));
    return { command: found, rest: [...before, ...words.slice(found.name.split(' ').length)] };
  }
  const typed = words.filter((word) => !word.startsWith('-')).slice(0, 2);
  if (typed.length === 0) throw new WrongUsage('no command was given');
  // Only a package has it (scripts/countersign.js).
  const instead = typed[0] === 'start' ? ': `npm start` starts the server' : '';
  throw new WrongUsage(`there is no command "${typed.join(' ')}"${instead}`);
}

/** @throws {WrongUsage} */
export function readCall(command: Command, args: readonly string[], world: World): Call {
  const options = { ...command.options, json: { type: 'boolean' } } satisfies ParseArgsConfig['options'];
  const { values, positionals, tokens } = parse(args, options);
  refuseRepeated(
    tokens.flatMap((token) =>
      token.kind === 'option' && !command.options?.[token.name]?.multiple ? [token.name] : [],
    ),
  );
  const wanted = command.operands ?? [];
  // An empty one is a variable of a script that nobody set.
  const lacking = wanted.findIndex((_, index) => !positionals[index]);
  if (lacking >= 0) throw new WrongUsage(`${wanted[lacking]} is missing`);
  const many = wanted.at(-1)?.endsWith('…') ?? false;
  if (positionals.length > wanted.length && !many) {
    throw new WrongUsage(`"${positionals[wanted.length]}" is one word too many`);
  }
  const json = values.json === true;
  return {
    world,
    json,
    operands: positionals,
    option(name) {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
    every(name) {
      const given = values[name];
      return Array.isArray(given) ? given.filter((value) => typeof value === 'string') : [];
    },
    flag: (name) => values[name] === true,
    print: (line, value) =>
      write(world.stdout, `${json && value !== undefined ? JSON.stringify(value) : line}\n`),
    remark(line) {
      if (!json) world.stderr.write(`${line}\n`);
    },
  };
}

function parse(args: readonly string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true });
  } catch (error) {
    // Node adds advice on how to type a word that begins with a dash.
    const [sentence = ''] = (error as Error).message.split(/\. |\n/);
    const ambiguous = /^Option '(.+)' argument is ambiguous/.exec(sentence)?.[1];
    throw new WrongUsage(
      ambiguous === undefined
        ? sentence
        : `${sentence.replace(/\.$/, '')}: what begins with a dash is given as ${ambiguous}=-…`,
    );
  }
}

/** Two values for one option: nobody knows which was meant. */
function refuseRepeated(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new WrongUsage(`--${twice} is given twice`);
}

async function write(stream: Writable, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    stream.write(text, (error) => (error ? reject(error) : resolve())),
  );
}
