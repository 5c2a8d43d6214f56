import { DatabaseAway, isAway } from '../database/database-away.ts';
import { WrongDatabase } from '../database/migrate.ts';
import { describeFailure } from '../delivery/retry.ts';
import { ConfigError, type Environment } from '../kit/environment.ts';
import { Refusal } from '../kit/refusal.ts';
import { fieldSentence, refusalSentence } from '../words/refusals.ts';
import { CommandRefused, WrongUsage } from './command.ts';
import { explainOpening } from './explain-opening.ts';

/** What the operator is told of whatever stopped a command: a code for programs, a sentence for people, never a stack. */
export function explain(error: unknown, environment?: Environment): { code: string; message: string } {
  if (error instanceof WrongUsage) return { code: 'usage', message: error.message };
  if (error instanceof CommandRefused) return { code: error.code, message: error.message };
  if (error instanceof Refusal) return { code: error.code, message: refusalSentence('en', error, '') };
  if (error instanceof ConfigError) return { code: 'configuration', message: error.message };
  if (error instanceof WrongDatabase) return { code: 'wrong_database', message: error.message };
  const reason = explainOpening(error, environment);
  if (error instanceof DatabaseAway || isAway(error)) {
    return { code: 'database_away', message: reason ?? 'The database does not answer.' };
  }
  if (reason !== null) return { code: 'configuration', message: reason };
  return { code: 'fault', message: `Something went wrong: ${describeFailure(error)}` };
}

/** On a page, a complaint stands beside its field; here it says which. */
export function withFields(refusal: Refusal, minLength: number): CommandRefused | Refusal {
  const fields = Object.entries(refusal.detail.fields ?? {});
  if (fields.length === 0) return refusal;
  // Strangers at a page must not learn who has an account; the operator may.
  if (fields.some(([, complaint]) => complaint === 'email_taken')) {
    return new CommandRefused('address_taken', 'There is already an account with this e-mail address.');
  }
  const sentences = fields.map(
    ([name, complaint]) => `${name}: ${fieldSentence('en', complaint, minLength)}`,
  );
  return new CommandRefused(refusal.code, sentences.join('\n'));
}
