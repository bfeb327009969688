/** Partition table fixtures (test/fixtures/volumes/make.sh) and what sfdisk says about them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gunzipSync } from 'node:zlib';
import type { Partition } from '../../src/volumes/volume.ts';

const folder = join(import.meta.dirname, '../fixtures/volumes');

const images = new Map<string, Buffer>();

/** A writable copy of `<name>.img.gz`. */
export function readImage(name: string): Buffer {
  const image = images.get(name) ?? gunzipSync(readFileSync(join(folder, `${name}.img.gz`)));
  images.set(name, image);
  return Buffer.from(image);
}

export function readText(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

interface SfdiskPartition {
  readonly node: string;
  readonly start: number;
  readonly size: number;
  readonly type: string;
  readonly uuid?: string;
  readonly name?: string;
}

type Named = Pick<Partition, 'number' | 'start' | 'size' | 'type' | 'name'>;

/** The rows of `sfdisk --json`: bytes, lower case. */
export function readSfdisk(name: string): { readonly id: string; readonly partitions: readonly Named[] } {
  const { partitiontable: table } = JSON.parse(readText(`${name}.json`));
  const partitions = table.partitions.map((row: SfdiskPartition) => ({
    number: Number(/\d+$/.exec(row.node)?.[0]),
    start: row.start * 512,
    size: row.size * 512,
    type: row.type.toLowerCase().padStart(2, '0'),
    name: row.name ?? '',
  }));
  return { id: table.id.toLowerCase(), partitions };
}

/** Makes the checksums of a patched GPT hold again: entry array first, then the header at `offset`. */
export function sealGpt(image: Buffer, offset: number, sectorSize = 512): void {
  const array = Number(image.readBigUInt64LE(offset + 72)) * sectorSize;
  const bytes = image.readUInt32LE(offset + 80) * image.readUInt32LE(offset + 84);
  if (array + bytes <= image.length) image.writeUInt32LE(crc32(image.subarray(array, array + bytes)), offset + 88);
  sealHeader(image, offset);
}

export function sealHeader(image: Buffer, offset: number): void {
  image.writeUInt32LE(0, offset + 16);
  image.writeUInt32LE(crc32(image.subarray(offset, offset + image.readUInt32LE(offset + 12))), offset + 16);
}

/** A repeatable source of numbers below `bound` (xorshift). */
export function createRandom(seed: number): (bound: number) => number {
  let state = seed | 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}
