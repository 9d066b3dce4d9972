import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/count-reporter.ts'],
    projects: [
      {
        test: {
          name: 'node',
          include: [
            'packages/*/{src,tests}/**/*.test.ts',
            'apps/{server,stream-lambda}/{src,tests}/**/*.test.ts',
            'bin/src/**/*.test.ts',
            'tests/{bin,crash,origin}/**/*.test.ts',
          ],
          globalSetup: './tests/support/engines.ts',
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      'apps/web/vitest.config*.ts',
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.spec.ts'],
          globalSetup: './tests/e2e/support/global-setup.ts',
          // One stack and two cores: files take their turns.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
