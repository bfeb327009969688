/** Builds dist/cli.js and the files it loads on demand; `node build.mjs FOLDER` builds into another folder. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { chunkPlugins, collectLicences, findGroups, noGroups, part } from './build-chunks.mjs';
import { esbuildPlugins } from './build-plugin.mjs';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const outdir = process.argv[2] ?? 'dist';
if (outdir === 'dist') rmSync(resolve(import.meta.dirname, outdir), { recursive: true, force: true });

const options = (groups) => ({
  absWorkingDir: import.meta.dirname,
  entryPoints: {
    cli: 'src/cli/main.ts',
    'diff-side-worker': part('src/cli/diff/side-worker.ts'),
    index: part('src/index.ts'),
    'judge-worker': part('src/cli/judging/judge-worker.ts'),
    'xz-block-worker': part('src/bytes/codecs/xz/block-worker.ts'),
    'nar-hash-worker': part('src/facts/nix-store/nar-hash-worker.ts'),
  },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // The build of `yaml` for browsers is its ES modules: only they can be cut to what is used.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  // Half the bytes are half the time to parse them. The maps are for the stack of a bug (src/cli/bug-report.ts); Node never reads them.
  minify: true,
  sourcemap: 'external',
  sourcesContent: false,
  metafile: true,
  plugins: [...chunkPlugins(groups), ...esbuildPlugins],
  define: { CHECK_IMAGE_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
});

const draft = await build({ ...options(noGroups), write: false });
const { metafile } = await build(options(findGroups(draft.metafile)));
writeFileSync(resolve(import.meta.dirname, outdir, 'licences.txt'), collectLicences(metafile).join('\n'));
