/**
 * Builds the program as one file that needs nothing but Node 20.19 or later: `npm run bundle` writes build/check-image.mjs and
 * prints its SHA-256. The same sources give the same bytes. `node bundle.mjs FILE` writes elsewhere.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { build } from 'esbuild';
import { collectLicences, loadBuiltinsLate } from './build-packages.mjs';
import { esbuildPlugins } from './build-plugin.mjs';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const outfile = resolve(import.meta.dirname, process.argv[2] ?? 'build/check-image.mjs');

const { outputFiles, metafile } = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['src/cli/one-file.ts'],
  outfile,
  write: false,
  bundle: true,
  // The names of CommonJS modules are part of the text: they must not depend on where node_modules really lies.
  preserveSymlinks: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  plugins: [loadBuiltinsLate, ...esbuildPlugins],
  define: { CHECK_IMAGE_VERSION: JSON.stringify(version), CHECK_IMAGE_ONE_FILE: 'true' },
  logLevel: 'warning',
});
const licences = collectLicences(metafile).join('\n').replaceAll('*/', '* /');
const text = `${outputFiles[0].text}/*\n${licences}*/\n`;
mkdirSync(dirname(outfile), { recursive: true });
writeFileSync(outfile, text, { mode: 0o755 });
console.log(`${createHash('sha256').update(text).digest('hex')}  ${outfile}`);
