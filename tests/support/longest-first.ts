import { BaseSequencer, type TestSpecification } from 'vitest/node';

// The slowest files, longest first. In a fresh clone Vitest has no durations and sorts by size.
const LONGEST = [
  'tests/crash/',
  'tests/faults/',
  'packages/local/tests/supervisor',
  'apps/stream-lambda/tests/histories',
  'tests/e2e/dev.spec',
  'tests/e2e/live.spec',
  'tests/e2e/production/lighthouse',
];

/** Starts the longest test files first, so that a run does not end with one worker busy and the others idle. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => groupOf(a) - groupOf(b) || rankOf(a) - rankOf(b));
  }
}

const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((part) => moduleId.includes(part));
  return rank === -1 ? LONGEST.length : rank;
}
