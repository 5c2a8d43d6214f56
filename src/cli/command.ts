import type { Readable, Writable } from 'node:stream';
import type { ParseArgsConfig } from 'node:util';

/** What a command has of the world around it; tests bring their own. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  /** What was asked for, and nothing else: programs read it. */
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** One command as it was typed. */
export interface Call {
  readonly world: World;
  readonly json: boolean;
  /** What stands without a dash, as many as the command names. */
  readonly operands: readonly string[];
  option(name: string): string | undefined;
  /** Of one that may be given several times, in that order. */
  every(name: string): readonly string[];
  flag(name: string): boolean;
  /** One line for people, or the same as JSON; waits while the reader is slow. */
  print(line: string, value?: unknown): Promise<void>;
  /** For the person at the terminal; a program that asked for JSON is not told. */
  remark(line: string): void;
}

export interface Command {
  /** `account create` */
  readonly name: string;
  /** What follows the name: `--email E --name N [--role …]`. */
  readonly takes: string;
  readonly does: string;
  /** A last one that ends in `…` stands for one or more. */
  readonly operands?: readonly string[];
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** -> false where the answer itself is "no" and was printed: exit 1. */
  run(call: Call): Promise<boolean | void>;
}

/** Exit 2: the command was not typed as it should be. The message names what is wrong. */
export class WrongUsage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WrongUsage';
  }
}

/** Exit 1, with words for the operator, who may know more than a person at a page. */
export class CommandRefused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'CommandRefused';
    this.code = code;
  }
}

/** @throws {WrongUsage} */
export function required(call: Call, name: string): string {
  const value = call.option(name);
  if (value === undefined) throw new WrongUsage(`--${name} is missing`);
  return value;
}
