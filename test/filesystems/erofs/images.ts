/** The images of test/fixtures/erofs, unpacked once each. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { erofs } from '../../../src/filesystems/erofs/erofs.ts';
import type { FileSystem } from '../../../src/filesystems/file-system.ts';
import { defaultLimits, type Limits } from '../../../src/limits.ts';
import { type Expectation, readExpectation } from '../expectation.ts';

const folder = resolve(import.meta.dirname, '../../fixtures/erofs');
const unpacked = new Map<string, Uint8Array>();

/** A fresh copy of the bytes of an image, to be damaged at will. */
export function readImage(name: string): Uint8Array {
  let bytes = unpacked.get(name);
  if (!bytes) {
    bytes = brotliDecompressSync(readFileSync(resolve(folder, `${name}.img.br`)));
    unpacked.set(name, bytes);
  }
  return Uint8Array.from(bytes);
}

export async function openBytes(bytes: Uint8Array, limits: Limits = defaultLimits): Promise<FileSystem> {
  return erofs.open(new MemorySource(bytes, 'image'), { limits });
}

export function readTree(name: string): Expectation {
  return readExpectation(resolve(folder, `${name}.json.gz`));
}
