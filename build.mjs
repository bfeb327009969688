/**
 * Builds dist: the program (one file, started by cli.cjs, in worker threads by worker.cjs), the library, and the scripts of small workers;
 * `node build.mjs FOLDER` builds into another folder.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { collectLicences, loadBuiltinsLate, programFormat } from './build-packages.mjs';
import { esbuildPlugins } from './build-plugin.mjs';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const outdir = resolve(import.meta.dirname, process.argv[2] ?? 'dist');
if (process.argv[2] === undefined) rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });

const options = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  // The build of `yaml` for browsers is its ES modules: only they can be cut to what is used.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  // Half the bytes are half the time to parse them. The maps are for the stack of a bug (src/cli/bug-report.ts); Node never reads them.
  minify: true,
  sourcemap: 'external',
  sourcesContent: false,
  metafile: true,
  plugins: [loadBuiltinsLate, ...esbuildPlugins],
  logLevel: 'warning',
};
const define = { CHECK_IMAGE_VERSION: JSON.stringify(version) };

const program = await build({
  ...options,
  entryPoints: { program: 'src/cli/main.ts' },
  outdir,
  ...programFormat,
  define: { ...define, ...programFormat.define },
  write: false,
});
const [map, bundled] = program.outputFiles.map(({ text: each }) => each);
// launch.ts reads a character a byte, which is what is left once patterns are written as the rest is.
const text = bundled.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const name = `program-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.cjs`;
writeFileSync(resolve(outdir, name), text);
writeFileSync(resolve(outdir, `${name}.map`), map);

await build({
  ...options,
  entryPoints: { index: 'src/index.ts' },
  outdir,
  splitting: true,
  format: 'esm',
  define,
});
const moduleUrl = "const moduleUrl = require('node:url').pathToFileURL(__filename).href;";
/**
 * To a shell, the line that starts Node; to Node, a directive that means nothing. Node 20 parses all certificates that this variable
 * names whenever it starts, which takes longer than to list an image: nothing is fetched here.
 */
const startNode = '\':\' //; unset NODE_EXTRA_CA_CERTS; exec node "$0" "$@"';
// What is started, and waited for: one file each is read sooner than many, and Node starts a CommonJS module 10 ms sooner.
const script = {
  ...options,
  outdir,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  banner: { js: moduleUrl },
  define: { ...define, 'import.meta.url': 'moduleUrl', CHECK_IMAGE_PROGRAM: JSON.stringify(name) },
};
await build({
  ...script,
  entryPoints: { worker: 'src/cli/launch-worker.ts' },
  sourcemap: false,
});
await build({
  ...script,
  entryPoints: { cli: 'src/cli/launch.ts' },
  banner: { js: `${startNode}\n${moduleUrl}` },
  sourcemap: false,
});
await build({
  ...script,
  entryPoints: {
    'nar-hash-worker': 'src/facts/nix-store/nar-hash-worker.ts',
    'stream-worker': 'src/bytes/beside/stream-worker.ts',
    'xz-block-worker': 'src/bytes/codecs/xz/block-worker.ts',
    'zstd-checksum-worker': 'src/bytes/codecs/zstd/checksum-worker.ts',
  },
});
writeFileSync(resolve(outdir, 'licences.txt'), collectLicences(program.metafile).join('\n'));
