import { npmStart } from '../kit/npm-start.ts';
import type { Population } from './floor-store.ts';
import { seedProduct } from './seed.ts';
import { launch } from './servers.ts';
import type { Target } from './target.ts';

/** Countersign itself, started as people start it, over a data directory of its own. */
export async function productTarget(
  dataDir: string,
  population: Population,
  env: NodeJS.ProcessEnv = {},
): Promise<Target> {
  const database = await seedProduct(dataDir, population);
  return {
    database,
    routes: (port) => ({
      host: `localhost:${port}`,
      signIn: '/sign-in',
      secondStep: '/sign-in/factor/totp',
      // Sends a person who is signed in away, and shows the form to anybody else.
      check: '/sign-in',
      checked: 303,
      page: '/account/security',
    }),
    start: (flags = []) =>
      launch({
        argv: [...flags, ...npmStart()],
        env: { ...env, DATA_DIR: dataDir },
        path: '/sign-in',
        log: `${dataDir}/server.log`,
      }),
  };
}
