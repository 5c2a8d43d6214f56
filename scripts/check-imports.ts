import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCircles, type Import, readSources, type Source } from './lib/source.ts';

// Who may import whom: ARCHITECTURE.md in a form that fails. `node scripts/check-imports.ts [FOLDER]`, by default src.

/** From the top. A part imports downward, and beside itself only where no circle comes of it. */
const floors = [
  ['main'],
  ['cli'],
  ['app'],
  [
    'sign-in',
    'security',
    'profile',
    'recovery',
    'mailbox',
    'import',
    'leaving',
    'backup',
    'oidc',
    'forward-auth',
    'admin',
    'app-store',
    'api',
  ],
  [
    'factors',
    'accounts',
    'sessions',
    'groups',
    'clients',
    'builds',
    'policy',
    'throttle',
    'audit',
    'notices',
    'upkeep',
    'metrics',
    'tracing',
    'keys',
  ],
  ['deps'],
  ['web', 'delivery'],
  ['database', 'words', 'kit', 'config'],
];
const doors = floors[3]!;

/** One list each (`all.ts`) and app.ts name these; for everybody else one more of them changes nothing. */
const concrete = [
  { like: /^factors\/(totp|sms|webauthn)\//, list: 'factors/all.ts', what: 'a factor' },
  { like: /^delivery\/sms\/(?!(all|gateway)\.)/, list: 'delivery/sms/all.ts', what: 'a text gateway' },
];

/** Every first factor comes with recovery codes, which are no factor themselves. */
const commonToFactors = /^factors\/([^/]+$|recovery-codes\/)/;

const injected = [
  { call: /\bDate\.now\(|\bnew Date\(\s*\)/, from: 'kit/clock' },
  { call: /\b(Math\.random|randomBytes|randomUUID|randomInt|getRandomValues)\b/, from: 'kit/random' },
  { call: /\bprocess\.env\b/, from: 'config.ts', except: ['config', 'main', 'cli'] },
];

const partOf = (path: string): string => path.replace(/\.ts$/, '').split('/')[0]!;
const floorOf = (path: string): number => floors.findIndex((parts) => parts.includes(partOf(path)));
/** Each factor and each gateway has a room of its own; elsewhere a part is one room. */
const roomOf = (path: string): string =>
  /^(factors\/[^/]+(?=\/)|delivery\/sms\/[^/]+)/.exec(path)?.[0] ?? partOf(path);
/** `rules.ts`, `guess-rules.ts`, `pages/sign-in.ts`; the folder app-store is no store. */
const is = (role: string, path: string): boolean => new RegExp(`(^|[/-])${role}\\.ts$|/${role}/`).test(path);
const isWords = (path: string): boolean => /(^|\/)words(\/|\.[\w-]+\.ts$)/.test(path);

const root = process.argv[2] ?? fileURLToPath(new URL('../src', import.meta.url));
const sources = readSources(root);
const byPath = new Map(sources.map((source) => [source.path, source]));

/** What `bad` holds for among all that loading this file loads too, itself first; kit and words are never bad. */
function loaded(name: string, bad: (name: string) => boolean, seen = new Set<string>()): string | undefined {
  if (seen.has(name) || ['kit', 'words'].includes(partOf(name))) return undefined;
  seen.add(name);
  if (bad(name)) return name;
  const imports = byPath.get(name)?.imports.filter((one) => !one.erased) ?? [];
  for (const one of imports) {
    const found = loaded(one.target ?? one.specifier, bad, seen);
    if (found) return found;
  }
  return undefined;
}

const isStore = (name: string): boolean => is('store', name) || partOf(name) === 'database';
/** Of packages all but what computes; of our files what deals with the world. */
const isImpure = (name: string): boolean =>
  byPath.has(name)
    ? isStore(name) || ['web', 'delivery', 'config', 'deps'].includes(partOf(name))
    : !/^node:(crypto|buffer|util|url)$/.test(name);

/** Why a file may not import another file of ours; undefined when it may. */
function refuseFile(from: string, to: string, one: Import): string | undefined {
  if (to.startsWith('../')) return to === '../package.json' ? undefined : 'it lies outside the sources';
  const [above, below] = [floorOf(from), floorOf(to)];
  if (below === -1) return `${partOf(to)} is on no floor`;
  if (above > below && !(one.typesOnly && (to === 'deps.ts' || isWords(to))))
    return 'imports go downward only';
  if (above === below && partOf(from) !== partOf(to)) {
    if (doors.includes(partOf(from))) return 'what two doors need moves down a floor';
    if (partOf(from) === 'kit') return 'kit knows nothing of the product';
  }
  const away = roomOf(from) !== roomOf(to);
  if (away && /^factors\/[^/]+\//.test(from) && partOf(to) === 'factors' && !commonToFactors.test(to))
    return 'factors never import each other';
  for (const { like, list, what } of concrete)
    if (away && like.test(to) && from !== 'app.ts' && from !== list)
      return `only ${list} and app.ts name ${what}`;
  if (is('store', from) && (is('routes', to) || is('pages', to)))
    return 'a store knows no routes and no pages';
  if (one.typesOnly) return undefined;
  const because = (name: string) => (name === to ? '' : `, and it loads ${name}`);
  const impure = is('rules', from) ? loaded(to, isImpure) : undefined;
  if (impure) return `rules are pure${because(impure)}`;
  const store = is('pages', from) ? loaded(to, isStore) : undefined;
  return store ? `pages take values${because(store)}` : undefined;
}

/** Why a file may not import a package. */
function refusePackage(from: string, name: string, one: Import): string | undefined {
  const part = partOf(from);
  const seesHttp = ['web', 'app', 'main'].includes(part) || is('routes', from);
  if (/^@?fastify\b/.test(name) && !seesHttp) return 'only routes.ts and web/ see HTTP';
  if (name === 'kysely' && !asksDatabase(from, one))
    return 'queries live in database/, store.ts and one-table files';
  if (is('rules', from) && !one.typesOnly && isImpure(name)) return 'rules are pure';
  return undefined;
}

function asksDatabase(path: string, one: Import): boolean {
  if (['main', 'app', 'cli', 'web', 'words', 'kit', 'config'].includes(partOf(path))) return false;
  if (path === 'deps.ts') return one.typesOnly;
  return !['routes', 'pages', 'rules'].some((role) => is(role, path));
}

function* violations({ path, imports, lines }: Source): Generator<{ line: number; problem: string }> {
  if (floorOf(path) === -1)
    return yield { line: 1, problem: `${partOf(path)} is on no floor: add it to the table of this check` };
  if (/(^|\/)index\.ts$/.test(path)) yield { line: 1, problem: 'no index.ts: import the file itself' };
  if (/(^|[/-])(util|helper|manager|service)(s|-|\/|\.|$)/.test(path))
    yield { line: 1, problem: 'no util, helper, manager or service: name it after what it does' };
  for (const one of imports) {
    const reason = one.target ? refuseFile(path, one.target, one) : refusePackage(path, one.specifier, one);
    if (reason)
      yield { line: one.line, problem: `${path} may not import ${one.target ?? one.specifier}: ${reason}` };
  }
  // Scripts for the browser have no kit; there the browser's own clock and chance are the right ones.
  if (partOf(path) === 'kit' || path.startsWith('web/browser/')) return;
  for (const [index, text] of lines.entries())
    for (const { call, from, except } of injected)
      if (call.test(text) && !except?.includes(partOf(path)))
        yield {
          line: index + 1,
          problem: `${path} may not use ${call.exec(text)![0].replace(/\($/, '')}: that comes from ${from}`,
        };
}

const found = sources.flatMap((source) =>
  [...violations(source)].map((one) => ({ path: source.path, ...one })),
);
for (const { path, closing } of findCircles(sources))
  found.push({
    path: path.at(-1)!,
    line: closing.line,
    problem: `${path.at(-1)} may not import ${closing.target}: a circle, ${[...path, path[0]].join(' -> ')}`,
  });
for (const { path, line, problem } of found)
  console.log(`${relative('.', `${root}/${path}`)}:${line}  ${problem}`);
const count = sources.reduce((sum, { imports }) => sum + imports.length, 0);
console.log(
  `${sources.length} files, ${count} imports checked: ${found.length === 0 ? 'no violation' : `${found.length} refused`}`,
);
process.exitCode = found.length === 0 ? 0 : 1;
