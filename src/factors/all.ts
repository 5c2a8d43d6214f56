import type { Deps } from '../deps.ts';
import type { Levels } from '../sessions/require.ts';
import type { Route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { AnswerMethod } from './factor.ts';
import { recoveryCode } from './recovery-codes/recovery-code.ts';
import { recoveryCodeRoutes } from './recovery-codes/routes.ts';
import { totpRoutes } from './totp/routes.ts';
import { totp } from './totp/totp.ts';

interface Room {
  readonly method: AnswerMethod;
  /** Enrolment and care under Account > Security. */
  readonly routes: (deps: Deps, site: Site, levels: Levels) => Route[];
}

/** Every way to answer at the second step: adding one is a folder and a line here. */
const ROOMS: readonly Room[] = [
  { method: totp, routes: totpRoutes },
  { method: recoveryCode, routes: recoveryCodeRoutes },
];

export const ANSWER_METHODS: readonly AnswerMethod[] = ROOMS.map(({ method }) => method);

export function factorRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return ROOMS.flatMap(({ routes }) => routes(deps, site, levels));
}
