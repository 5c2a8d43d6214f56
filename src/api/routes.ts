import packageJson from '../../package.json' with { type: 'json' };
import type { BuildDeps } from '../builds/publisher.ts';
import { json } from '../web/answer.ts';
import type { Level, Route } from '../web/route.ts';
import { route } from '../web/route.ts';
import { accountCareOperations } from './account-care.ts';
import { accountDeletionOperations } from './account-deletion.ts';
import { accountOperations } from './accounts.ts';
import { auditOperations } from './audit.ts';
import { clientOperations } from './clients.ts';
import { openApiDocument } from './document.ts';
import { factorOperations } from './factors.ts';
import { groupOperations } from './groups.ts';
import { API, mountOperation } from './mount.ts';
import type { Operation } from './operation.ts';
import { policyOperations } from './policy.ts';
import { sessionOperations } from './sessions.ts';
import { storeAppOperations } from './store-apps.ts';
import { storeBuildOperations } from './store-builds.ts';
import { twoFactorRuleOperations } from './two-factor.ts';

/** Everything that a program can ask for. */
export function apiOperations(deps: BuildDeps): Operation[] {
  return [
    ...accountOperations(deps),
    ...accountCareOperations(deps),
    ...accountDeletionOperations(deps),
    ...factorOperations(deps),
    ...sessionOperations(deps),
    ...groupOperations(deps),
    ...clientOperations(deps),
    ...policyOperations(deps),
    ...twoFactorRuleOperations(deps),
    ...storeAppOperations(deps),
    ...storeBuildOperations(deps),
    ...auditOperations(deps),
  ];
}

/** The management API (contract 6); its document is public (R85). */
export function apiRoutes(deps: BuildDeps, everyone: Level<null>): Route[] {
  const operations = apiOperations(deps);
  let document: string | undefined;
  return [
    ...operations.map((one) => mountOperation(deps, one)),
    route({
      method: 'GET',
      path: `${API}/openapi.json`,
      level: everyone,
      crossSite: true,
      async handle() {
        // Made at the first call: describing a hundred schemas is nothing for the start to wait for.
        document ??= JSON.stringify(openApiDocument(operations, deps.config.baseUrl, packageJson.version));
        return { ...json({}), body: document };
      },
    }),
  ];
}
