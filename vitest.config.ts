import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/count-reporter.ts'],
    projects: [
      {
        test: {
          name: 'node',
          include: ['packages/*/{src,tests}/**/*.test.ts', 'apps/{server,stream-lambda}/{src,tests}/**/*.test.ts'],
          globalSetup: './tests/support/engines.ts',
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      'apps/web/vitest.config*.ts',
    ],
  },
});
