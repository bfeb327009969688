import { defineConfig } from 'vitest/config';
import { vitePlugin } from './build-plugin.mjs';

export default defineConfig({
  plugins: [vitePlugin],
  define: { CHECK_IMAGE_VERSION: '"0.0.0-test"' },
  test: { include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'] },
});
