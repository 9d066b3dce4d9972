import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one plain line, such as `212 passed, 0 failed`, for machines to read. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const { state } = test.result();
        counts[state]++;
        // The default reporter only counts them.
        if (state === 'skipped') process.stdout.write(`skipped: ${test.project.name} ${test.fullName}\n`);
      }
      // A file that could not be loaded, or whose hook failed, has failed even if none of its tests ran.
      if (
        module.errors().length > 0 ||
        (module.state() === 'failed' && tests.every((t) => t.result().state !== 'failed'))
      ) {
        counts.failed++;
      }
    }
    const skipped = counts.skipped + counts.pending;
    process.stdout.write(
      `\n${counts.passed} passed, ${counts.failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
    );
  }
}
