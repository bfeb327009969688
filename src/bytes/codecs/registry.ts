/** Every compressed stream that may lie around an image. Adding one is a folder, a line here, and a test. */
import type { Codec } from './codec.ts';
import { gzip } from './gzip/gzip.ts';
import { xz } from './xz/xz.ts';
import { zstd } from './zstd/zstd.ts';

export const codecs: readonly Codec[] = [gzip, zstd, xz];
