/** The images of test/fixtures/iso9660, unpacked once each. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import type { Iso9660FileSystem } from '../../../src/filesystems/iso9660/iso9660-file-system.ts';
import { openIso9660 } from '../../../src/filesystems/iso9660/open-iso9660.ts';
import { defaultLimits, type Limits } from '../../../src/limits.ts';
import { type Expectation, readExpectation } from '../expectation.ts';

const folder = resolve(import.meta.dirname, '../../fixtures/iso9660');
const unpacked = new Map<string, Uint8Array>();

/** A fresh copy of the bytes of an image, to be damaged at will. */
export function readImage(name: string): Uint8Array {
  let bytes = unpacked.get(name);
  if (!bytes) {
    bytes = brotliDecompressSync(readFileSync(resolve(folder, `${name}.iso.br`)));
    unpacked.set(name, bytes);
  }
  return Uint8Array.from(bytes);
}

export function openBytes(bytes: Uint8Array, limits: Limits = defaultLimits): Iso9660FileSystem {
  return openIso9660(new MemorySource(bytes, 'image.iso'), { limits });
}

export function readTree(name: string): Expectation {
  return readExpectation(resolve(folder, `${name}.json.gz`));
}
