import { parentPort } from 'node:worker_threads';
import { type MatchExtended, ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common';
import { dictionary as english } from '@zxcvbn-ts/language-en';
import { FAMOUS_PHRASES } from './password-rules.ts';

// Runs in a thread of its own, started by `password-strength.ts`: see there why.

export interface Question {
  readonly password: string;
  /** Lower-case words that anybody would try first for this person and this site. */
  readonly context: readonly string[];
}

export interface Judgement {
  /** Guesses that an attacker needs who knows every dictionary, as a power of ten. */
  readonly guessesLog10: number;
  /** What it is made of, for the sentence that the person reads. */
  readonly madeOf: 'context' | 'common' | 'other';
}

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common, ...english, phrases: [...FAMOUS_PHRASES] },
  graphs: adjacencyGraphs,
  // The default of 100 takes seconds for sixty-four characters of `4@8(63<`, and finds no more words.
  l33tMaxSubstitutions: 16,
});

function judge({ password, context }: Question): Judgement {
  const { guessesLog10, sequence } = zxcvbn.check(password, [...context]);
  return { guessesLog10, madeOf: madeOf(sequence, password.length) };
}

function madeOf(sequence: readonly MatchExtended[], length: number): Judgement['madeOf'] {
  const covered = (...names: string[]) =>
    sequence
      .filter((match) => 'dictionaryName' in match && names.includes(String(match['dictionaryName'])))
      .reduce((sum, { token }) => sum + token.length, 0);
  if (covered('userInputs') > 0) return 'context';
  return covered('passwords-common', 'phrases') * 2 > length ? 'common' : 'other';
}

parentPort?.on('message', (question: Question) => parentPort?.postMessage(judge(question)));
