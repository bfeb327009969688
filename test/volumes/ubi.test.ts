/** UBI, as ubinize makes it and as flash holds it after years: copies, torn copies, worn and empty erase blocks. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../src/bytes/checksums/crc32.ts';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { type NumberField, patchField } from '../../src/bytes/struct.ts';
import { defaultLimits } from '../../src/limits.ts';
import { LayerOpener } from '../../src/root/open-layers.ts';
import { EC_HEADER, VID_HEADER } from '../../src/volumes/ubi/headers.ts';
import { ubi } from '../../src/volumes/ubi/ubi.ts';
import type { VolumeTable } from '../../src/volumes/volume.ts';
import { createRandom, outcomeOf } from '../filesystems/fuzz.ts';
import { readSparseImage } from '../filesystems/sparse-image.ts';

const fixtures = join(import.meta.dirname, '../fixtures/ubi');
const PEB = 128 * 1024;
const VID = 2048;
const DATA = 4096;
const LEB = PEB - DATA;

const sound = readSparseImage(join(fixtures, 'nand.ubi.br'), 'nand');
const image = (): Uint8Array => Uint8Array.from(sound.read(0, sound.size));
const open = async (bytes: Uint8Array): Promise<VolumeTable> =>
  ubi.open(new MemorySource(bytes, 'nand'), { limits: defaultLimits });
const names = ({ volumes }: VolumeTable): string[] => volumes.map(({ name }) => name);
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const kernel = ({ volumes }: VolumeTable): string => {
  const source = volumes[0]?.source;
  return digest(source?.read(0, source.size) ?? new Uint8Array());
};
const wantedKernel = readFileSync(join(fixtures, 'kernel.sha256'), 'utf8').trim();

/** Changes a field of a header and makes its CRC hold again. */
function patch(bytes: Uint8Array, at: number, field: NumberField, value: number): void {
  patchField(bytes, at, field, value);
  new DataView(bytes.buffer).setUint32(at + 60, ~crc32(bytes.subarray(at, at + 60)) >>> 0);
}
/** The erase block that holds block `leb` of `volume`. */
function blockOf(bytes: Uint8Array, volume: number, leb: number): number {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += PEB) {
    if (view.getUint32(at + VID + 8) === volume && view.getUint32(at + VID + 12) === leb) return at;
  }
  throw new Error('no such block');
}

describe('what ubinize made', () => {
  it('has the volumes of its table', async () => {
    const table = await open(image());
    expect(table.diagnostics).toEqual([]);
    expect(names(table)).toEqual(['kernel', 'rootfs', 'volume-4']);
    expect(kernel(table)).toBe(wantedKernel);
    const [, root, empty] = table.volumes;
    expect(root?.source.label).toBe('nand!rootfs');
    expect((root?.source.size ?? 0) % LEB).toBe(0);
    expect(empty?.source.read(1000, 3)).toEqual(Uint8Array.of(0xff, 0xff, 0xff));
  });

  it('is opened down to the files', async () => {
    const opener = new LayerOpener({ limits: defaultLimits });
    const { devices } = await opener.open(new MemorySource(image(), 'nand'));
    const root = devices.find(({ name }) => name === 'rootfs');
    expect(root?.content).toMatchObject({ state: 'filesystem', fileSystem: { format: 'ubifs' } });
    opener.close();
  });
});

describe('flash after years', () => {
  /** The kernel with its first block twice: the other copy lies at the end. */
  function copied(change: (copy: number, bytes: Uint8Array) => void): Uint8Array {
    const before = image();
    const bytes = new Uint8Array(before.length + PEB);
    bytes.set(before);
    const from = blockOf(bytes, 0, 0);
    bytes.copyWithin(before.length, from, from + PEB);
    bytes.fill(0x21, from + DATA, from + DATA + 10);
    change(before.length, bytes);
    return bytes;
  }

  it('has stale blocks: the highest sequence number counts', async () => {
    const newer = copied((copy, bytes) => patch(bytes, copy + VID, VID_HEADER.sqnum, 1_000_000));
    expect(kernel(await open(newer))).toBe(wantedKernel);
    const older = copied((_, bytes) => patch(bytes, blockOf(bytes, 0, 0) + VID, VID_HEADER.sqnum, 1_000_000));
    const table = await open(older);
    expect(await outcomeOf(() => kernel(table))).toBe('corrupt ubi/bad-checksum');
  });

  it('has copies that were never finished', async () => {
    const bytes = copied((copy, all) => {
      const from = blockOf(all, 0, 0);
      all.copyWithin(from + DATA, copy + DATA, copy + PEB);
      patch(all, copy + VID, VID_HEADER.sqnum, 1_000_000);
      patch(all, copy + VID, VID_HEADER.copy_flag, 1);
      all.fill(0xff, copy + DATA + 5000, copy + PEB);
    });
    expect(kernel(await open(bytes))).toBe(wantedKernel);
  });

  it('has damaged and missing blocks, which is said', async () => {
    const bytes = image();
    bytes[blockOf(bytes, 0, 1) + VID + 20] = 9;
    const table = await open(bytes);
    expect(table.diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual([
      'damage ubi/bad-header',
      'damage ubi/not-whole',
    ]);
    const cut = await open(image().subarray(0, sound.size - 1000));
    expect(cut.diagnostics).toContainEqual(expect.objectContaining({ level: 'damage', code: 'ubi/truncated' }));
  });

  it('has two copies of the volume table', async () => {
    const bytes = image();
    bytes[DATA + 20] = 9;
    expect(names(await open(bytes))).toEqual(['kernel', 'rootfs', 'volume-4']);
    bytes[PEB + DATA + 20] = 9;
    expect(await outcomeOf(() => open(bytes))).toBe('corrupt ubi/bad-table');
  });
});

describe('headers', () => {
  it('are held against what can be', async () => {
    const outcome = (at: number, field: NumberField, value: number): Promise<string> => {
      const bytes = image();
      patch(bytes, at, field, value);
      return outcomeOf(() => open(bytes));
    };
    expect(await outcome(0, EC_HEADER.data_offset, 10)).toBe('corrupt ubi/bad-header');
    expect(await outcome(0, EC_HEADER.vid_hdr_offset, 0)).toBe('corrupt ubi/bad-header');
    expect(await outcome(0, EC_HEADER.image_seq, 77)).toBe('corrupt ubi/bad-header');
    expect(await outcome(0, { offset: 4, type: 'u8' }, 2)).toBe('unsupported ubi/version');
    expect(await outcome(blockOf(image(), 0, 1) + VID, VID_HEADER.lnum, 70_000)).toBe('corrupt ubi/bad-volume');
    const bytes = image();
    bytes[20] = 1;
    expect(await outcomeOf(() => open(bytes))).toBe('corrupt ubi/bad-header');
    expect(await outcomeOf(() => open(image().subarray(0, 30)))).toBe('truncated bytes/truncated');
  });

  it('damaged at random end in values or in errors', async () => {
    const random = createRandom(20_250_503);
    const outcomes = new Set<string>();
    for (let round = 0; round < 80; round++) {
      const bytes = image();
      for (let count = 0; count <= random(6); count++) {
        const at = random(bytes.length / PEB) * PEB + random(3) * VID + random(64);
        bytes[at] = random(256);
        if (random(2) === 0) patch(bytes, at - (at % 2048), { offset: 63, type: 'u8' }, 0);
      }
      outcomes.add(
        await outcomeOf(async () => {
          for (const { source } of (await open(bytes)).volumes) source.read(0, Math.min(source.size, 300_000));
        }),
      );
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(2);
  });
});
