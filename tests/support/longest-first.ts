import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// The slowest files, longest first. In a fresh clone Vitest has no durations and sorts by size.
const LONGEST = [
  'tests/crash/',
  'tests/faults/',
  'packages/local/tests/supervisor',
  'apps/stream-lambda/tests/histories',
  'tests/e2e/dev.spec',
  'tests/e2e/live.spec',
  'tests/e2e/killed-instance',
  'tests/e2e/production/lighthouse',
  'tests/browsers/offline',
  'tests/browsers/conversation',
  'tests/redis/killed',
  'tests/redis/redis-heartbeats',
];

/** In the order of their longest files. The last files of a group should be short. */
const PROJECTS = ['node', 'infra', 'web', 'unit'];

/**
 * Starts the longest test files first, so that a run does not end with one worker busy and the others idle. It keeps the files of
 * a project together, and in it those that need a page: a worker is replaced when the project or environment of its next file
 * differs, and the new one loads all libraries again. For jsdom and React, that took the web project 35 s of processor time instead of 21.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const ranks = new Map(sorted.map((file) => [file, rankOf(file)]));
    return sorted.sort(
      (a, b) => groupOf(a) - groupOf(b) || placeOf(a) - placeOf(b) || (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0),
    );
  }
}

const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;

const placeOf = ({ project }: TestSpecification): number => PROJECTS.indexOf(project.name);

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((part) => moduleId.includes(part));
  if (rank !== -1) return rank;
  return readFileSync(moduleId, 'utf8').startsWith('// @vitest-environment jsdom')
    ? LONGEST.length
    : LONGEST.length + 1;
}
