import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';

/** The product's default: argon2id is the library's default algorithm. */
export const parameters = { memoryCost: 19456, timeCost: 2, parallelism: 1 };

export const cores = availableParallelism();

export const hashPassword = (password: string): Promise<string> => hash(password, parameters);

let free = cores;
const waiting: (() => void)[] = [];

/** Verifies with at most as many hashes at once as cores: more would only take memory and wait for each other. */
export async function verifyInTurn(stored: string, password: string): Promise<boolean> {
  if (free > 0) free--;
  else await new Promise<void>((turn) => waiting.push(turn));
  try {
    return await verify(stored, password);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}
