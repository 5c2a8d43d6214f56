import { Worker } from 'node:worker_threads';
import { createLines } from '../kit/lines.ts';
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
/** Of one person; they all set one password. */
const MOST_WAITING = 32;

interface Waiting {
  readonly question: Question;
  resolve(judgement: Judgement): void;
  reject(error: Error): void;
}

const waiting = createLines<Waiting>(MOST_WAITING);
/** What the thread looks at. */
let asked: Waiting | null = null;
let thread: Worker | null = null;
let farewell: NodeJS.Timeout | undefined;

/**
 * Asks the dictionaries, offline: 49 thousand common passwords, English words and names, keyboard walks, dates,
 * repetitions, and the words of this person and site (R2). `whose`: their address. @throws {Refusal} busy
 */
export async function complainAboutStrength(
  password: string,
  { minLength, context, whose = '' }: { minLength: number; context: readonly string[]; whose?: string },
): Promise<FieldComplaint | null> {
  const start = [...password.normalize('NFKC')].slice(0, LOOKED_AT).join('');
  const { guessesLog10, madeOf } = await ask(whose, { password: start, context: contextWords(context) });
  if (guessesLog10 >= Math.min(ENOUGH_LOG10, minLength)) return null;
  if (madeOf === 'context') return 'password_context';
  return madeOf === 'common' ? 'password_common' : 'password_weak';
}

/**
 * In a thread of its own: loading takes 0.7 s and an awkward password 0.3 s, for which nobody else's second step should
 * wait, and whoever holds one link could have the server look at awkward passwords all day. Nor should anybody else's new
 * password: each person waits in a line of their own.
 */
function ask(whose: string, question: Question): Promise<Judgement> {
  return new Promise((resolve, reject) => {
    if (!waiting.join(whose, { question, resolve, reject }))
      return reject(new Refusal('busy', { retryAfter: 5 }));
    if (asked === null) askNext();
  });
}

function askNext(): void {
  asked = waiting.next();
  if (asked === null) {
    if (thread) rest(thread);
    return;
  }
  clearTimeout(farewell);
  thread ??= startThread();
  thread.ref();
  thread.postMessage(asked.question);
}

function startThread(): Worker {
  const started = new Worker(new URL('./judge-password.ts', import.meta.url));
  started.on('message', (judgement: Judgement) => {
    asked?.resolve(judgement);
    askNext();
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
  for (const { reject } of [...(asked ? [asked] : []), ...waiting.clear()]) reject(error);
  asked = null;
}
