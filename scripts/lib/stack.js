// Plain JavaScript, nothing imported but Node's own.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Stacks name the sources' files and lines, not those of the bundle in `folder`. Node's own way, --enable-source-maps, costs 36 MB from
 * the start; this costs nothing until somebody looks at a stack.
 */
export function nameSources(folder) {
  const place = new RegExp(`${RegExp.escape(pathToFileURL(folder).href)}/([\\w.-]+):(\\d+):\\d+`, 'g');
  const usual = Error.prepareStackTrace;
  let table;
  Error.prepareStackTrace = (error, frames) => {
    const stack = usual(error, frames);
    try {
      return stack.replace(place, (found, file, line) => {
        table ??= JSON.parse(readFileSync(join(folder, 'lines.json'), 'utf8'));
        const { sources, lines } = table[file];
        const source = sources[lines[line * 2 - 2]];
        return source ? `${pathToFileURL(resolve(folder, source)).href}:${lines[line * 2 - 1]}` : found;
      });
    } catch {
      return stack;
    }
  };
}
