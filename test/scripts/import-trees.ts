// Trees of sources for check-imports.test.ts, as `path: text`.

export const good = {
  'main.ts': "import { build } from './app.ts';\nimport { run } from './cli/run.ts';\nprocess.env.PORT;",
  'app.ts': `import fastify from 'fastify';
    import { factors } from './factors/all.ts';
    import { totpRoutes } from './factors/totp/routes.ts';
    import { routes } from './sign-in/routes.ts';`,
  'deps.ts': "import type { Outbox } from './delivery/outbox.ts';\nimport type { Kysely } from 'kysely';",
  'sign-in/routes.ts': `import type { FastifyInstance } from 'fastify';
    import { signIn } from './check-password.ts';
    import { page } from './pages.ts';`,
  'sign-in/check-password.ts': `import { find } from '../accounts/store.ts';
    import { renew } from '../factors/recovery-codes/renew.ts';
    import type { Deps } from '../deps.ts';`,
  'sign-in/pages.ts': `import { layout } from '../web/layout.ts';
    import type { Account } from '../accounts/store.ts';
    import { words } from './words.en.ts';`,
  'sign-in/words.en.ts': 'export const words = {};',
  'accounts/store.ts': "import { sql } from 'kysely';\nimport { open } from '../database/open.ts';",
  'accounts/account.ts': "import type { Selectable } from 'kysely';",
  'accounts/rules.ts': "import type { Db } from './store.ts';\nimport { account } from './account.ts';",
  'cli/run.ts': "import { build } from '../app.ts';",
  'app-store/builds.ts': "import { sql } from 'kysely';",
  'app-store/pages.ts': "import { sizes } from './sizes.ts';",
  'app-store/sizes.ts': 'export const sizes = [];',
  'factors/all.ts': "import { totp } from './totp/totp.ts';",
  'factors/totp/totp.ts': "import { match } from './rules.ts';\nimport { insert } from '../store.ts';",
  'factors/totp/rules.ts': "import { createHmac } from 'node:crypto';",
  'factors/totp/routes.ts': "import { totp } from './totp.ts';",
  'factors/store.ts': "import type { A } from './factor.ts';",
  'factors/factor.ts': "import type { B } from './store.ts';",
  'factors/totp/enrol.ts': "import { renew } from '../recovery-codes/renew.ts';",
  'factors/recovery-codes/renew.ts': '',
  'factors/ask-page.ts': "import { list } from './store.ts';",
  'delivery/outbox.ts': "import type { Deps } from '../deps.ts';\nimport { sms } from './sms/all.ts';",
  'delivery/sms/all.ts': "import { twilio } from './twilio.ts';",
  'delivery/sms/twilio.ts': '// Date.now() would be wrong here\n/* and Math.random() */',
  'web/layout.ts': "const any = '*/*';\nexport const accepts = 'text/*';",
  'web/browser/copy.ts': 'Date.now();',
  'kit/clock.ts': "import { randomBytes } from 'node:crypto';\nDate.now();",
  'kit/encoding.ts': '',
  'database/open.ts': "import { Kysely } from 'kysely';",
  'kit/clock.test.ts': "import { app } from '../app.ts';\nnew Date();",
};

// What each file does wrong, and the beginning of the reason for it.
export const wrong: [path: string, text: string, reason: string][] = [
  ['accounts/upward.ts', "import '../sign-in/check-password.ts';", 'imports go downward only'],
  ['accounts/upward-type.ts', "import type { A } from '../admin/people.ts';", 'imports go downward only'],
  ['web/deps-value.ts', "import { deps } from '../deps.ts';", 'imports go downward only'],
  ['audit/command.ts', "export { build } from '../cli/run.ts';", 'imports go downward only'],
  ['kit/again.ts', "export * from '../web/layout.ts';", 'imports go downward only'],
  ['kit/lazy.ts', "await import('../web/layout.ts');", 'imports go downward only'],
  ['kit/words.ts', "import { a } from '../words/all.ts';", 'kit knows nothing of the product'],
  [
    'oidc/door.ts',
    "import {\n  type A,\n} from '../sign-in/pages.ts';",
    'what two doors need moves down a floor',
  ],
  ['factors/sms/other.ts', "import type { A } from '../totp/rules.ts';", 'factors never import each other'],
  ['factors/recovery-codes/a.ts', "import { a } from '../totp/totp.ts';", 'factors never import each other'],
  [
    'security/add.ts',
    "import { totp } from '../factors/totp/totp.ts';",
    'only factors/all.ts and app.ts name a',
  ],
  ['factors/enrol.ts', "import { totp } from './totp/totp.ts';", 'only factors/all.ts and app.ts name a'],
  ['delivery/sms/web.ts', "import { a } from './twilio.ts';", 'only delivery/sms/all.ts and app.ts name a'],
  ['delivery/send.ts', "import { a } from './sms/twilio.ts';", 'only delivery/sms/all.ts and app.ts name a'],
  ['sessions/rules.ts', "import { find } from './store.ts';", 'rules are pure'],
  [
    'sessions/end-rules.ts',
    "import { a } from './end.ts';",
    'rules are pure, and it loads sessions/store.ts',
  ],
  ['sessions/age-rules.ts', "import { z } from 'zod';", 'rules are pure'],
  ['throttle/store.ts', "import type { A } from './routes.ts';", 'a store knows no routes and no pages'],
  ['admin/pages.ts', "import { find } from '../accounts/store.ts';", 'pages take values'],
  [
    'admin/list-pages.ts',
    "import { a } from './people.ts';",
    'pages take values, and it loads accounts/store.ts',
  ],
  ['admin/people.ts', "import type { FastifyReply } from 'fastify';", 'only routes.ts and web/ see HTTP'],
  ['admin/parse.ts', "import '@fastify/cookie';", 'only routes.ts and web/ see HTTP'],
  ['admin/routes.ts', "import { sql } from 'kysely';", 'queries live in database/'],
  ['web/rows.ts', "import type { Kysely } from 'kysely';", 'queries live in database/'],
  ['audit/outside.ts', "import { a } from '../../test/kit/postgres.ts';", 'it lies outside the sources'],
  ['audit/nowhere.ts', "import { a } from '../cellar/wine.ts';", 'cellar is on no floor'],
];
