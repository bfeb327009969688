/** The scripts of decoder threads, built into a folder of the test's own: from source there are none. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { BesideOptions } from '../../../src/bytes/codecs/codec.ts';

const bytes = join(import.meta.dirname, '../../../src/bytes');

/** Options with which everything is decoded beside its reader, however short. */
export async function buildWorkers(folder: string): Promise<BesideOptions> {
  await build({
    entryPoints: {
      'stream-worker': join(bytes, 'beside/stream-worker.ts'),
      'xz-block-worker': join(bytes, 'codecs/xz/block-worker.ts'),
      'zstd-checksum-worker': join(bytes, 'codecs/zstd/checksum-worker.ts'),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  return { minOutput: 1, workers: (name) => pathToFileURL(join(folder, `${name}.mjs`)) };
}
