import { defineConfig } from 'vitest/config';

/** The suites that need the images of `npm run images`. */
export default defineConfig({
  test: { include: ['test/e2e/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false },
});
