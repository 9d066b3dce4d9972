import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './tests/support/longest-first.ts';

// After all other projects, so that browsers have the cores. Three files at a time: with four, each takes longer, and the
// run as long.
const BROWSERS = { sequence: { groupOrder: 1 }, maxWorkers: 3 };
// Only ends a test that hangs: two cores run engines, servers and browsers at once.
const PATIENCE = { expect: { poll: { timeout: 30_000 } } };

export default defineConfig({
  test: {
    // Tests mostly wait for engines: with one worker, the default on two cores, a run takes twice as long. The five longest
    // files wait for deadlines and for processes that start: they use a processor for less than half of their time.
    maxWorkers: Math.max(4, availableParallelism() - 1),
    reporters: ['default', './tests/support/count-reporter.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          // Tests next to the source. They start no engine.
          name: 'unit',
          include: ['{packages/*,apps/server,apps/stream-lambda,bin}/src/**/*.test.ts', '{lint,tools}/**/*.test.ts'],
          isolate: false,
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
          ...PATIENCE,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          // Tests that use the shared engines, which take some seconds to start.
          name: 'node',
          include: [
            '{packages/*,apps/server,apps/stream-lambda}/tests/**/*.test.ts',
            'tests/{bin,crash,faults,origin}/**/*.test.ts',
            'bench/*.test.ts',
          ],
          globalSetup: './tests/support/engines.ts',
          // The SDKs take seconds to load, and no test leaves anything in a module: each worker loads them once.
          isolate: false,
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
          ...PATIENCE,
          // Only ends a test that hangs. A test of the operators' commands may run eight processes.
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // Only templates: no engine is started.
          name: 'infra',
          include: ['infra/{src,test}/**/*.test.ts'],
          globalSetup: './infra/test/support/out-dir.ts',
          // The library takes seconds to load: each worker loads it once.
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      'apps/web/vitest.config*.ts',
      {
        test: {
          // What is deployed: the minified build at one address, with its security headers. `dev.spec.ts` tests what
          // `npm run dev` serves.
          name: 'e2e',
          include: ['tests/e2e/**/*.spec.ts'],
          globalSetup: './tests/e2e/support/global-setup.ts',
          // The libraries take a second to load: each worker loads them once.
          isolate: false,
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
          ...BROWSERS,
          ...PATIENCE,
          // Longer than two waits of a page, so that a test fails with what it waited for: a poll waits twice for a missing element.
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
