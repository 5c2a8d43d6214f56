import { explain } from './explain.ts';

/** One line of the doctor's report. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

/** What was found is not as it should be; the message says what, and what to do. */
export class Sick extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Sick';
  }
}

/** `look` gives the words for "it is well", or throws; whatever it throws becomes a line, so that the others still run. */
export async function check(name: string, look: () => Promise<string> | string): Promise<Check> {
  try {
    return { name, ok: true, message: await look() };
  } catch (error) {
    return { name, ok: false, message: error instanceof Sick ? error.message : explain(error).message };
  }
}
