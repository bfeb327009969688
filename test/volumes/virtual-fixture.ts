/** Virtual disks (test/fixtures/volumes-virtual/make-disks.sh) and what qemu-img and simg2img read from them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { ByteSource } from '../../src/bytes/byte-source.ts';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { ImageError } from '../../src/errors.ts';
import { defaultLimits } from '../../src/limits.ts';
import type { VolumeFormat, VolumeTable } from '../../src/volumes/volume.ts';
import { createRandom } from './fixture.ts';

const folder = join(import.meta.dirname, '../fixtures/volumes-virtual');
const files = new Map<string, Buffer>();

/** A writable copy of `<name>.gz`. */
export function readDisk(name: string): Buffer {
  const file = files.get(name) ?? gunzipSync(readFileSync(join(folder, `${name}.gz`)));
  files.set(name, file);
  return Buffer.from(file);
}

export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

/** Size and SHA-256 of every disk, as its own tool converts it to a raw one. */
export const wanted = readJson<Record<string, { readonly size: number; readonly sha256: string }>>('disks.json');

export async function open(format: VolumeFormat, image: Uint8Array, limits = defaultLimits): Promise<VolumeTable> {
  return format.open(new MemorySource(image, 'disk'), { limits });
}

/** The one volume of a disk. */
export async function openDisk(format: VolumeFormat, image: Uint8Array): Promise<ByteSource> {
  const { volumes } = await open(format, image);
  expect(volumes.map(({ name }) => name)).toEqual(['']);
  const [volume] = volumes;
  if (!volume) throw new Error('no volume');
  return volume.source;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** All bytes, read in pieces of `step`. */
export function readAll(source: ByteSource, step = 100_000): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < source.size; at += step)
    parts.push(Buffer.from(source.read(at, Math.min(step, source.size - at))));
  return Buffer.concat(parts);
}

/** Reads everything in large steps, and pieces of all sizes at random places, and compares them with the tool's. */
export function expectSame(source: ByteSource, expected: { readonly size: number; readonly sha256: string }): void {
  const all = readAll(source);
  expect({ size: source.size, sha256: sha256(all) }).toEqual(expected);
  const random = createRandom(7);
  for (let round = 0; round < 300; round++) {
    const at = random(source.size);
    const length = Math.min(source.size - at, random(round % 10 === 0 ? 300_000 : 3000));
    if (Buffer.compare(source.read(at, length), all.subarray(at, at + length)) !== 0)
      expect.fail(`${length} bytes at ${at} differ`);
  }
}

/** `kind code` of the ImageError, `none` without one. */
export async function failure(action: () => unknown): Promise<string> {
  try {
    await action();
    return 'none';
  } catch (error) {
    if (error instanceof ImageError) return `${error.kind} ${error.code}`;
    throw error;
  }
}

/** Damages random bytes of `ranges` and reads here and there: each outcome must be success or an ImageError. */
export async function fuzz(
  format: VolumeFormat,
  image: Buffer,
  ranges: readonly (readonly [from: number, to: number])[],
  rounds: number,
): Promise<Set<string>> {
  const random = createRandom(20_240_601);
  const outcomes = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const damaged: [at: number, before: number][] = [];
    for (let count = random(3); count >= 0; count--) {
      const [from, to] = ranges[random(ranges.length)] ?? [0, image.length];
      const at = from + random(to - from);
      damaged.push([at, image[at] ?? 0]);
      image[at] = random(3) === 0 ? 0xff : random(256);
    }
    const bytes = random(6) === 0 ? image.subarray(0, random(image.length)) : image;
    if (format.detect(new MemorySource(bytes, 'disk'))) outcomes.add(await failure(() => sample(format, bytes)));
    for (const [at, before] of damaged.reverse()) image[at] = before;
  }
  return outcomes;
}

/** Opens, and reads some of every 64 KiB. */
async function sample(format: VolumeFormat, image: Uint8Array): Promise<void> {
  for (const { source } of (await open(format, image)).volumes) {
    const end = Math.min(source.size, 2 ** 23);
    for (let at = 0; at < end; at += 2 ** 16) source.read(at, Math.min(3000, source.size - at));
  }
}
