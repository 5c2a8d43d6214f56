import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load, type Run, type Target } from './target.ts';

// Where a server's time goes, from V8's own sampling profile of a separate, unmeasured run.

interface Frame {
  functionName: string;
  url: string;
  lineNumber: number;
}

interface Profile {
  nodes: { id: number; callFrame: Frame }[];
  samples: number[];
  /** Microseconds. */
  timeDeltas: number[];
}

const SECONDS = 3;

/** -> lines for people, the dearest place first. */
export async function whereTimeGoes(target: Target, folder: string, run: Run): Promise<string[]> {
  const output = mkdtempSync(`${folder}/profile-`);
  const server = await target.start(['--cpu-prof', `--cpu-prof-dir=${output}`]);
  try {
    await load(target, server, SECONDS, run);
  } finally {
    await server.stop();
  }
  const file = readdirSync(output).find((name) => name.endsWith('.cpuprofile'));
  if (!file) return ['the server left no profile: it did not exit by itself'];
  // Starting and warming up is another matter.
  return shares(JSON.parse(readFileSync(`${output}/${file}`, 'utf8')) as Profile, server.started + 1000);
}

function shares({ nodes, samples, timeDeltas }: Profile, afterMs: number): string[] {
  const source = sourceFinder();
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(source(callFrame))]));
  const spent = new Map<string, number>();
  let clock = 0;
  let total = 0;
  samples.forEach((id, index) => {
    const time = timeDeltas[index]!;
    clock += time;
    const place = places.get(id)!;
    if (place === '(idle)' || clock < afterMs * 1000) return;
    total += time;
    spent.set(place, (spent.get(place) ?? 0) + time);
  });
  return [...spent]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 12)
    .map(([place, time]) => `${((time * 100) / total).toFixed(1).padStart(5)} %  ${place}`);
}

/** Frames of the start-up bundle, by the sources that it was made of. */
function sourceFinder(): (frame: Frame) => Frame {
  const tables = new Map<string, Record<string, { sources: string[]; lines: number[] }>>();
  return (frame) => {
    const [, folder, name] = /^(file:.+\/\.cache\/countersign\/[^/]+)\/([^/]+)$/.exec(frame.url) ?? [];
    if (!folder || !name) return frame;
    let table = tables.get(folder);
    if (!table) {
      table = JSON.parse(readFileSync(fileURLToPath(`${folder}/lines.json`), 'utf8')) as NonNullable<
        typeof table
      >;
      tables.set(folder, table);
    }
    const { sources, lines } = table[name] ?? { sources: [], lines: [] };
    const url = sources[lines[frame.lineNumber * 2] ?? -1];
    return url ? { ...frame, url, lineNumber: lines[frame.lineNumber * 2 + 1] ?? 0 } : frame;
  };
}

/**
 * A file of ours, a package, a part of Node or of V8. Native work (SQLite, its syncs, crypto) counts for the function
 * that calls it, so the functions next to the database are told apart.
 */
function placeOf({ functionName, url, lineNumber }: Frame): string {
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (dependency) return dependency[1]!;
  const own = /\/((?:src|test\/bench)\/.+)$/.exec(url)?.[1];
  if (!own) return url.replace(/^node:internal\/([^/]+).*$/, 'node:$1') || functionName;
  return /database\/|floor-commit/.test(own) ? `${own} ${functionName || `line ${lineNumber + 1}`}` : own;
}
