/**
 * Writes dist/types: the declarations of the library, and of those modules only that it mentions. The compiler makes all of
 * them; import paths are given the suffix that a package's declarations have. `node build-types.mjs FOLDER` writes elsewhere.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const here = import.meta.dirname;
const outdir = resolve(here, process.argv[2] ?? 'dist/types');
const compiled = mkdtempSync(join(tmpdir(), 'check-image-types-'));
try {
  const compiler = join(here, 'node_modules/typescript/bin/tsc');
  const project = ['--project', join(here, 'tsconfig.types.json'), '--outDir', compiled];
  const { status } = spawnSync(process.execPath, [compiler, ...project], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the declarations could not be made');
  const seen = new Set(['index.d.ts']);
  for (const name of seen) {
    const text = readFileSync(join(compiled, name), 'utf8').replace(
      /((?:from|import)\s*\(?')(\.[^']+)\.ts(?=')/g,
      (_, before, path) => {
        seen.add(`${join(dirname(name), path)}.d.ts`);
        return `${before}${path}.js`;
      },
    );
    const file = join(outdir, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
} finally {
  rmSync(compiled, { recursive: true, force: true });
}
