import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest is begun first, and so ends while there is other work: in a fresh clone, too, where Vitest has no
 * times of an earlier run to go by. Between two that keep a processor busy stands one that waits.
 */
const SLOW = [
  'browser/pages',
  'config/stop',
  'delivery/mail',
  'browser/second-step',
  'cli/process',
  'crash/',
  'browser/',
  'scripts/package',
  'scripts/bundle',
  'config/refuse',
];

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => place(a) - place(b));
  }
}

function place({ moduleId }: TestSpecification): number {
  const found = SLOW.findIndex((name) => moduleId.includes(`/test/${name}`));
  return found < 0 ? SLOW.length : found;
}
