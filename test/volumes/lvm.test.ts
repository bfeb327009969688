import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { patchField } from '../../src/bytes/struct.ts';
import { labelHeader, lvmChecksum } from '../../src/volumes/lvm/label.ts';
import { lvm } from '../../src/volumes/lvm/lvm.ts';
import { metadataHeader, rawLocation } from '../../src/volumes/lvm/metadata-area.ts';
import type { Volume, VolumeTable } from '../../src/volumes/volume.ts';
import { failure, fuzz, open, readAll, readDisk, readJson } from './virtual-fixture.ts';

interface LvsRow {
  readonly lv_name: string;
  readonly vg_uuid: string;
  readonly lv_size: string;
  readonly segtype: string;
  readonly seg_start_pe: string;
  readonly seg_pe_ranges: string;
}

const [report] = readJson<{ report: { lv: LvsRow[] }[] }>('lvs.json').report;
const rows = report?.lv ?? [];
const EXTENT = 128 * 1024;
const PE_START = 128 * 1024;
const LABEL = 512;
const AREA = 4096;
/** Name in the metadata, and as the device mapper has it. */
const mapped: Readonly<Record<string, string>> = {
  'vg--a-root': 'root',
  'vg--a-my--home': 'my-home',
  'vg--a-far': 'far',
  'vg--a-wide': 'wide',
};

/** The bytes of a linear volume as lvs places them. */
function expected(image: Buffer, name: string): Buffer {
  const segments = rows.filter((row) => row.lv_name === name);
  segments.sort((a, b) => Number(a.seg_start_pe) - Number(b.seg_start_pe));
  return Buffer.concat(
    segments.map(({ seg_pe_ranges }) => {
      const [, first, last] = /^pv:(\d+)-(\d+)$/.exec(seg_pe_ranges) ?? [];
      return image.subarray(PE_START + Number(first) * EXTENT, PE_START + (Number(last) + 1) * EXTENT);
    }),
  );
}

function find(table: VolumeTable, name: string): Volume {
  const volume = table.volumes.find((each) => each.name === name);
  if (!volume) throw new Error(`no ${name}`);
  return volume;
}

/** The disk with its metadata text edited, all checksums made to hold. */
function edited(edit: (text: string) => string): Buffer {
  const image = readDisk('pv.img');
  const at = AREA + Number(image.readBigUInt64LE(AREA + rawLocation.offset.offset));
  const length = Number(image.readBigUInt64LE(AREA + rawLocation.size.offset));
  const text = Buffer.from(edit(image.toString('latin1', at, at + length)), 'latin1');
  text.copy(image, at);
  patchField(image, AREA, rawLocation.size, text.length);
  patchField(image, AREA, rawLocation.checksum, lvmChecksum(text));
  sealArea(image);
  return image;
}

function sealArea(image: Buffer): void {
  patchField(image, AREA, metadataHeader.checksum_xl, lvmChecksum(image.subarray(AREA + 4, AREA + 512)));
}

describe('an LVM physical volume', () => {
  it('holds the volumes that lvs lists', async () => {
    const image = readDisk('pv.img');
    expect(lvm.detect(new MemorySource(image, 'disk'))).toBe(true);
    const table = await open(lvm, image);
    expect(table.id).toBe(rows[0]?.vg_uuid);
    expect(table.volumes.map(({ name }) => mapped[name]).sort()).toEqual(
      [...new Set(rows.map((row) => row.lv_name))].sort(),
    );
    for (const { name, source } of table.volumes) {
      expect(source.size).toBe(Number(rows.find((row) => row.lv_name === mapped[name])?.lv_size));
      expect(source.label).toBe(`disk!${name}`);
    }
  });

  it.each(['vg--a-root', 'vg--a-my--home'])('%s is read where lvs places it', async (name) => {
    const image = readDisk('pv.img');
    const { source } = find(await open(lvm, image), name);
    const wanted = expected(image, mapped[name] ?? '');
    expect(wanted.some((byte) => byte !== 0)).toBe(true);
    expect(readAll(source, 100_001).equals(wanted)).toBe(true);
  });

  it.each([
    ['vg--a-far', 'unsupported lvm/other-device'],
    ['vg--a-wide', 'unsupported lvm/not-linear'],
  ])('%s is refused by name', async (name, code) => {
    const { source } = find(await open(lvm, readDisk('pv.img')), name);
    expect(await failure(() => source.read(0, 1))).toBe(code);
    expect(await failure(() => source.slice(512, 512).read(0, 1))).toBe(code);
  });
});

describe('metadata', () => {
  it('may go around the end of their area', async () => {
    const image = readDisk('pv.img');
    const size = Number(image.readBigUInt64LE(AREA + metadataHeader.size.offset));
    const at = Number(image.readBigUInt64LE(AREA + rawLocation.offset.offset));
    const length = Number(image.readBigUInt64LE(AREA + rawLocation.size.offset));
    const text = Buffer.from(image.subarray(AREA + at, AREA + at + length));
    text.copy(image, AREA + size - 100, 0, 100);
    text.copy(image, AREA + 512, 100);
    patchField(image, AREA, rawLocation.offset, size - 100);
    sealArea(image);
    expect((await open(lvm, image)).volumes).toHaveLength(4);
  });

  it('that are not there make an empty table', async () => {
    const image = readDisk('pv.img');
    patchField(image, AREA, rawLocation.offset, 0);
    sealArea(image);
    const { volumes, diagnostics } = await open(lvm, image);
    expect(volumes).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['lvm/no-group']);
  });

  it.each([
    ['a type', /type = "striped"\nstripe_count = 1/g, 'type = "thin"\nstripe_count = 1', 'unsupported lvm/not-linear'],
    ['a gap', 'start_extent = 3', 'start_extent = 4', 'corrupt lvm/bad-metadata'],
    ['a place outside', '"pv0", 5', '"pv0", 500', 'truncated bytes/truncated'],
    ['a huge place', '"pv0", 5', '"pv0", 999999999999999', 'corrupt lvm/bad-metadata'],
    ['another device', /"pv0", 5/, '"pv9", 5', 'unsupported lvm/other-device'],
  ] as const)('with %s refuse the volume it concerns', async (_, from, to, code) => {
    const image = edited((text) => text.replace(from, to));
    const { source } = find(await open(lvm, image), 'vg--a-root');
    expect(await failure(() => readAll(source))).toBe(code);
  });

  it.each([
    ['no extent size', 'extent_size = 256', 'extent_sort = 256', 'corrupt lvm/bad-metadata'],
    ['an extent size of 0', 'extent_size = 256', 'extent_size = 0', 'corrupt lvm/bad-metadata'],
    ['a missing segment', 'segment_count = 2', 'segment_count = 3', 'corrupt lvm/bad-metadata'],
    ['no group', /^[\s\S]*$/, '# nothing', 'corrupt lvm/bad-metadata'],
    ['an open brace', /\}\n#/, '#', 'corrupt text/bad-braces'],
    ['an open string', /^[\s\S]*$/, 'a = "', 'corrupt text/bad-braces'],
    ['too many braces', /^[\s\S]*$/, 'a {'.repeat(100), 'corrupt text/bad-braces'],
  ] as const)('with %s are corrupt', async (_, from, to, code) => {
    expect(
      await failure(() =>
        open(
          lvm,
          edited((text) => text.replace(from, to)),
        ),
      ),
    ).toBe(code);
  });
});

describe('damage', () => {
  it('is told by the checksums', async () => {
    const label = readDisk('pv.img');
    patchField(label, LABEL, labelHeader.crc_xl, 1);
    expect(await failure(() => open(lvm, label))).toBe('corrupt lvm/bad-label');
    const area = readDisk('pv.img');
    patchField(area, AREA, metadataHeader.checksum_xl, 1);
    expect(await failure(() => open(lvm, area))).toBe('corrupt lvm/bad-metadata');
    const text = readDisk('pv.img');
    patchField(text, AREA, rawLocation.checksum, 1);
    sealArea(text);
    expect(await failure(() => open(lvm, text))).toBe('corrupt lvm/bad-metadata');
  });

  it('ends in volumes or an ImageError', async () => {
    const outcomes = await fuzz(
      lvm,
      readDisk('pv.img'),
      [
        [512, 640],
        [4096, 4160],
        [4608, 20_000],
      ],
      150,
    );
    expect(outcomes).toContain('corrupt lvm/bad-label');
    expect(outcomes.size).toBeGreaterThan(1);
  });

  it('of the text alone ends in volumes or an ImageError', async () => {
    const marks = ['{', '}', '[', ']', '"', '\\', '#', '=', '9'];
    const outcomes = new Set<string>();
    for (let round = 0; round < 90; round++) {
      const image = edited((text) => {
        const at = (round * 7919) % text.length;
        return `${text.slice(0, at)}${marks[round % marks.length]}${text.slice(at + 1)}`;
      });
      outcomes.add(
        await failure(async () => {
          for (const { source } of (await open(lvm, image)).volumes) source.read(0, Math.min(source.size, 1000));
        }),
      );
    }
    expect(outcomes).toContain('corrupt text/bad-braces');
    expect(outcomes.size).toBeGreaterThan(2);
  });
});
