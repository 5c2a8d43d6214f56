export type Part = 'tests' | 'mutation';

/** What `npm test` and `npm run test:long` run, one after the other. Whoever names a file wants that alone. */
export function partsOf(project: string, args: readonly string[]): readonly Part[] {
  if (project !== 'long') return ['tests'];
  if (args[0] === 'mutation') return ['mutation'];
  return args.length === 0 ? ['tests', 'mutation'] : ['tests'];
}
