import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    name: 'web',
    // Tests that need a page say so in their first line: jsdom takes more than a second a file.
    environment: 'node',
    // Tests leave nothing in a module: each worker loads React, and makes a page, once.
    isolate: false,
    setupFiles: './tests/setup.ts',
    // These only end what hangs.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 60_000,
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
  },
});
