import { defineConfig } from 'vitest/config';
import LongestFirst from './tests/support/longest-first.ts';

/** Tests over Redis, which need Debian's `redis-server`: no package of npm contains one. `npm test` does not need it. */
export default defineConfig({
  test: {
    name: 'redis',
    include: ['tests/redis/**/*.test.ts'],
    globalSetup: './tests/support/engines.ts',
    reporters: ['default', './tests/support/count-reporter.ts'],
    sequence: { sequencer: LongestFirst },
    isolate: false,
    maxWorkers: 3,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    expect: { poll: { timeout: 30_000 } },
    // These only end a test that hangs.
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
