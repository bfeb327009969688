/** Every compressed stream that may lie around an image. Adding one is a folder, a line here, and a test. */
import { bzip2 } from './bzip2/bzip2.ts';
import type { Codec } from './codec.ts';
import { gzip } from './gzip/gzip.ts';
import { lz4 } from './lz4/lz4.ts';
import { lzma } from './lzma/lzma.ts';
import { xz } from './xz/xz.ts';
import { zstd } from './zstd/zstd.ts';

/** In the order of detection: the one without a magic number comes last. */
export const codecs: readonly Codec[] = [zstd, gzip, xz, lz4, bzip2, lzma];
