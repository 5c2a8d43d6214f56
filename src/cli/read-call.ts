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
  throw new WrongUsage(
    typed.length === 0 ? 'no command was given' : `there is no command "${typed.join(' ')}"`,
  );
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
  if (positionals.length < wanted.length) throw new WrongUsage(`${wanted[positionals.length]} is missing`);
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
    throw new WrongUsage(sentence);
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
