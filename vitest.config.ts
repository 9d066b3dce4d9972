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
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      'apps/web/vitest.config*.ts',
    ],
  },
});
