/** The images of test/fixtures/ext, unpacked once each. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import type { ExtFileSystem } from '../../../src/filesystems/ext/ext-file-system.ts';
import { openExt } from '../../../src/filesystems/ext/open-ext.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { type Expectation, readExpectation } from '../expectation.ts';

const folder = resolve(import.meta.dirname, '../../fixtures/ext');
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

export function openBytes(bytes: Uint8Array, label = 'image'): ExtFileSystem {
  return openExt(new MemorySource(bytes, label), { limits: defaultLimits });
}

export function readTree(name: string): Expectation {
  return readExpectation(resolve(folder, `${name}.json.gz`));
}

/** Node of an absolute path, no links followed. */
export function nodeAt(fileSystem: ExtFileSystem, path: string): number {
  let node = fileSystem.root;
  for (const name of path.split('/').filter((part) => part !== '')) {
    const next = fileSystem.lookup(node, name);
    if (next === undefined) throw new Error(`there is no ${path}`);
    node = next;
  }
  return node;
}
