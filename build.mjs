/** Builds dist/cli.js and the chunks it loads on demand; `node build.mjs FOLDER` builds into another folder. */
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { esbuildPlugins } from './build-plugin.mjs';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: {
    cli: 'src/cli/main.ts',
    'judge-worker': 'src/cli/judging/judge-worker.ts',
    'xz-block-worker': 'src/bytes/codecs/xz/block-worker.ts',
  },
  outdir: process.argv[2] ?? 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  minifySyntax: true,
  plugins: esbuildPlugins,
  define: { CHECK_IMAGE_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
});
