import { Worker } from 'node:worker_threads';
import { type FieldComplaint, Refusal } from '../kit/refusal.ts';
import type { Judgement, Question } from './judge-password.ts';
import { contextWords } from './password-rules.ts';

/** Looking at more takes seconds; what sixty-four characters don't show, more won't. */
const LOOKED_AT = 64;

/**
 * As hard to guess as 10^9 tries. At the thousand hashes a second that argon2id leaves an attacker with a stolen
 * database and one graphics card that is twelve days for one account, and a guess over the web is hopeless long before.
 * More would turn away honest passwords that stand in no list (R1). Four random words have 10^13 to 10^20, a common
 * word with a year and a sign 10^8. Where the operator allows shorter passwords, the measure is a random one of that
 * length: eight random characters must pass.
 */
const ENOUGH_LOG10 = 9;

/** The thread goes after this long without a question, and its 65 MB with it. */
const IDLE_MS = 60_000;
const MOST_WAITING = 64;

interface Waiting {
  resolve(judgement: Judgement): void;
  reject(error: Error): void;
}

const waiting = new Map<number, Waiting>();
let thread: Worker | null = null;
let farewell: NodeJS.Timeout | undefined;
let lastId = 0;

/**
 * Asks the dictionaries, offline: 49 thousand common passwords, English words and names, keyboard walks, dates,
 * repetitions, and the words of this person and site (R2). @throws {Refusal} busy
 */
export async function complainAboutStrength(
  password: string,
  { minLength, context }: { minLength: number; context: readonly string[] },
): Promise<FieldComplaint | null> {
  const start = [...password.normalize('NFKC')].slice(0, LOOKED_AT).join('');
  const { guessesLog10, madeOf } = await ask(start, contextWords(context));
  if (guessesLog10 >= Math.min(ENOUGH_LOG10, minLength)) return null;
  if (madeOf === 'context') return 'password_context';
  return madeOf === 'common' ? 'password_common' : 'password_weak';
}

/**
 * In a thread of its own: loading takes 0.7 s and an awkward password 0.3 s, for which nobody else's second step should
 * wait, and whoever holds one link could have the server look at awkward passwords all day.
 */
function ask(password: string, context: readonly string[]): Promise<Judgement> {
  if (waiting.size >= MOST_WAITING) throw new Refusal('busy', { retryAfter: 5 });
  clearTimeout(farewell);
  thread ??= startThread();
  thread.ref();
  const question: Question = { id: ++lastId, password, context };
  return new Promise((resolve, reject) => {
    waiting.set(question.id, { resolve, reject });
    thread?.postMessage(question);
  });
}

function startThread(): Worker {
  const started = new Worker(new URL('./judge-password.ts', import.meta.url));
  started.on('message', (judgement: Judgement) => {
    waiting.get(judgement.id)?.resolve(judgement);
    waiting.delete(judgement.id);
    if (waiting.size === 0) rest(started);
  });
  started.on('error', (error) => giveUp(started, error as Error));
  started.on('exit', () => giveUp(started, new Error('the thread that judges passwords ended')));
  return started;
}

/** Nothing to do: the thread keeps no process alive, and goes when nobody asks for a while. */
function rest(idle: Worker): void {
  idle.unref();
  farewell = setTimeout(() => {
    thread = null;
    void idle.terminate();
  }, IDLE_MS).unref();
}

/** Fails closed: a password that nobody could look at is not taken. */
function giveUp(ended: Worker, error: Error): void {
  if (thread !== ended) return;
  thread = null;
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
}
