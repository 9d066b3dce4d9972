import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    name: 'web',
    // Tests that need a page select jsdom in their first line: it takes more than a second a file.
    environment: 'node',
    // No test leaves state in a module: each worker loads React and creates a page once.
    isolate: false,
    setupFiles: './tests/setup.ts',
    // These only end a test that hangs.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 60_000,
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
  },
});
