import { defineConfig } from 'vitest/config';
import { vitePlugin } from './build-plugin.mjs';

export default defineConfig({
  plugins: [vitePlugin],
  define: { CHECK_IMAGE_VERSION: '"0.0.0-test"' },
  // Whole programs and seeded damage: slow on a busy machine, never wrong for it.
  test: { include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'], testTimeout: 60_000, hookTimeout: 60_000 },
});
