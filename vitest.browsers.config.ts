import { defineConfig } from 'vitest/config';
import LongestFirst from './tests/support/longest-first.ts';

/** Firefox, WebKitGTK and a full Chromium, which `npm test` does not need. The page is the one of the `e2e` tests: what is deployed. */
export default defineConfig({
  test: {
    name: 'browsers',
    include: ['tests/browsers/**/*.spec.ts'],
    globalSetup: './tests/e2e/support/global-setup.ts',
    reporters: ['default', './tests/support/count-reporter.ts'],
    sequence: { sequencer: LongestFirst },
    isolate: false,
    maxWorkers: 2,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    expect: { poll: { timeout: 30_000 } },
    // These only end a test that hangs.
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
