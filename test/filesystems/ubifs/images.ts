/** The images of test/fixtures/ubi, unpacked once each. */
import { resolve } from 'node:path';
import type { ByteSource } from '../../../src/bytes/byte-source.ts';
import type { FileSystem } from '../../../src/filesystems/file-system.ts';
import { ubifs } from '../../../src/filesystems/ubifs/ubifs.ts';
import { defaultLimits, type Limits } from '../../../src/limits.ts';
import { type Expectation, readExpectation } from '../expectation.ts';
import { readSparseImage, type SparseImage } from '../sparse-image.ts';

const folder = resolve(import.meta.dirname, '../../fixtures/ubi');
const unpacked = new Map<string, SparseImage>();

/** A fresh copy of an image, to be damaged at will: `lzo.ubifs`, `nand.ubi`. */
export function readImage(name: string): SparseImage {
  const image = unpacked.get(name) ?? readSparseImage(resolve(folder, `${name}.br`));
  unpacked.set(name, image);
  return image.copy();
}

export async function openImage(source: ByteSource, limits: Limits = defaultLimits): Promise<FileSystem> {
  return ubifs.open(source, { limits });
}

export function readTree(name: string): Expectation {
  return readExpectation(resolve(folder, `${name}.json.gz`));
}
