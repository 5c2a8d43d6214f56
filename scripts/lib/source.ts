import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One import, or export … from, of a source file. */
export interface Import {
  readonly line: number;
  readonly specifier: string;
  /** The imported file, relative to the root of the sources; undefined for a package. */
  readonly target: string | undefined;
  /** Nothing but types is named. */
  readonly typesOnly: boolean;
  /** The whole statement goes away: `import { type A }` does not, it still loads the file. */
  readonly erased: boolean;
}

export interface Source {
  /** Relative to the root of the sources, with slashes. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** The lines without their comments. */
  readonly lines: readonly string[];
}

const STATIC =
  /^[ \t]*(?:import\s+(?<names>[\w$\s{},*]+?)|export\s+(?<again>(?:type\s+)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)))\s+from\s*['"](?<from>[^'"]+)['"]/gm;
const BARE = /^[ \t]*import\s*['"](?<from>[^'"]+)['"]|\bimport\s*\(\s*['"](?<lazy>[^'"]+)['"]/gm;

/** Reads every source below `root` but the tests beside the code. */
export function readSources(root: string): Source[] {
  return globSync('**/*.ts', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.endsWith('.test.ts'))
    .sort()
    .map((path) => readSource(path, withoutComments(readFileSync(join(root, path), 'utf8'))));
}

function readSource(path: string, text: string): Source {
  const imports: Import[] = [];
  for (const match of [...text.matchAll(STATIC), ...text.matchAll(BARE)]) {
    const { names, again, from, lazy } = match.groups!;
    const specifier = (from ?? lazy)!;
    const clause = (names ?? again ?? '').trim();
    const erased = /^type\s+[^\s,]/.test(clause);
    const start = match.index + match[0].search(/\S/);
    imports.push({
      line: text.slice(0, start).split('\n').length,
      specifier,
      target: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined,
      typesOnly: erased || /^\{(\s*type\s[^,}]+,?)+\s*\}$/.test(clause),
      erased,
    });
  }
  return { path, imports: imports.sort((a, b) => a.line - b.line), lines: text.split('\n') };
}

/** A slash inside quotes (`'*\/*'`, `'https://…'`) has no space before it, a comment has: enough for formatted code. */
function withoutComments(text: string): string {
  return text
    .replace(/(?<=^|[\s(,])\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(?<=^|\s)\/\/.*$/gm, '');
}

/** Circles among imports that load a file; each as its files in order, and the import that closes it. */
export function findCircles(sources: readonly Source[]): { path: string[]; closing: Import }[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const circles: { path: string[]; closing: Import }[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (source: Source): void => {
    trail.push(source.path);
    for (const one of source.imports) {
      const next = one.target === undefined || one.erased ? undefined : byPath.get(one.target);
      if (!next || done.has(next.path)) continue;
      const seen = trail.indexOf(next.path);
      if (seen === -1) visit(next);
      else circles.push({ path: trail.slice(seen), closing: one });
    }
    trail.pop();
    done.add(source.path);
  };
  for (const source of sources) if (!done.has(source.path)) visit(source);
  return circles;
}
