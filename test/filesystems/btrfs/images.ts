/** The images of test/fixtures/btrfs, unpacked once each. */
import { resolve } from 'node:path';
import type { ByteSource } from '../../../src/bytes/byte-source.ts';
import { btrfs } from '../../../src/filesystems/btrfs/btrfs.ts';
import type { FileSystem } from '../../../src/filesystems/file-system.ts';
import { defaultLimits, type Limits } from '../../../src/limits.ts';
import { type Expectation, readExpectation } from '../expectation.ts';
import { readSparseImage, type SparseImage } from '../sparse-image.ts';

const folder = resolve(import.meta.dirname, '../../fixtures/btrfs');
const unpacked = new Map<string, SparseImage>();

/** A fresh copy of an image, to be damaged at will. */
export function readImage(name: string): SparseImage {
  const image = unpacked.get(name) ?? readSparseImage(resolve(folder, `${name}.img.br`));
  unpacked.set(name, image);
  return image.copy();
}

export async function openImage(source: ByteSource, limits: Limits = defaultLimits): Promise<FileSystem> {
  return btrfs.open(source, { limits });
}

export function readTree(name: string): Expectation {
  return readExpectation(resolve(folder, `${name}.json.gz`));
}
