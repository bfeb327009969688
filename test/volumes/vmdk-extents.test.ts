/** VMDK disks whose data lie in other files: a description, and what qemu-img put beside it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileSource } from '../../src/bytes/file-source.ts';
import { openWithNeighbours } from '../../src/bytes/neighbours.ts';
import { defaultLimits } from '../../src/limits.ts';
import { vmdk } from '../../src/volumes/vmdk/vmdk.ts';
import type { VolumeTable } from '../../src/volumes/volume.ts';
import { createRandom } from './fixture.ts';
import { expectSame, failure, readAll, readJson } from './virtual-fixture.ts';

const wanted = readJson<Record<string, { readonly size: number; readonly sha256: string }>>('extents/disks.json');
const files = readJson<Record<string, readonly string[]>>('extents/files.json');
const outside = mkdtempSync(join(tmpdir(), 'extents-'));
const folder = join(outside, 'images');
const opened: FileSource[] = [];
const read = (name: string): Buffer =>
  gunzipSync(readFileSync(join(import.meta.dirname, `../fixtures/volumes-virtual/extents/${name}.gz`)));
const put = (name: string, bytes: Uint8Array | string): void => writeFileSync(join(folder, name), bytes);

beforeEach(() => {
  for (const each of opened.splice(0)) each.close();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const name of Object.values(files).flat()) put(name, read(name));
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

async function open(name: string, limits = defaultLimits): Promise<VolumeTable> {
  const source = openWithNeighbours(join(folder, name));
  opened.push(source);
  return vmdk.open(source, { limits });
}

/** A description of these extents. */
const describeDisk = (...extents: readonly string[]): string =>
  ['# Disk DescriptorFile', 'version=1', 'CID=1', 'parentCID=ffffffff', 'createType="custom"', ...extents, ''].join(
    '\n',
  );

describe('a VMDK disk in files of its own', () => {
  it.each(Object.keys(wanted))('%s reads as qemu-img reads it', async (name) => {
    const { volumes, diagnostics } = await open(name);
    const [disk] = volumes;
    if (!disk) throw new Error('no disk');
    expectSame(disk.source, wanted[name] as (typeof wanted)[string]);
    expect(diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual(['note vmdk/extents']);
  });

  it('may have stretches of plain files, in any order, and of zeros', async () => {
    put('plain', Buffer.from('0123456789'.repeat(512)));
    put(
      'disk.vmdk',
      describeDisk('RW 2 FLAT "plain" 3', 'RW 3 ZERO', 'RDONLY 1 VMFS "plain" 0', 'RW 0 FLAT "absent" 0'),
    );
    const [disk] = (await open('disk.vmdk')).volumes;
    const plain = Buffer.from('0123456789'.repeat(512));
    const all = Buffer.concat([plain.subarray(1536, 2560), Buffer.alloc(1536), plain.subarray(0, 512)]);
    expect(disk && readAll(disk.source, 700).equals(all)).toBe(true);
    expect(disk && Buffer.from(disk.source.read(1000, 2000)).equals(all.subarray(1000, 3000))).toBe(true);
  });
});

describe('refused', () => {
  it.each([
    ['a file that is not there', 'RW 2 FLAT "absent" 0', 'input host/enoent'],
    ['a file outside the folder', 'RW 2 FLAT "../plain" 0', 'input host/refused-neighbour'],
    ['a path', 'RW 2 FLAT "/etc/passwd" 0', 'input host/refused-neighbour'],
    ['the description itself', 'RW 1 FLAT "disk.vmdk" 0', 'input host/refused-neighbour'],
    ['more than the file holds', 'RW 20 FLAT "plain" 0', 'truncated bytes/truncated'],
    ['more bytes than can be', 'RW 999999999999999 ZERO', 'corrupt vmdk/bad-extents'],
    ['no extents', '', 'corrupt vmdk/bad-extents'],
    ['a device', 'RW 1 VMFSRDM "plain" 0', 'unsupported vmdk/extent'],
    ['many extents', 'RW 1 ZERO\n'.repeat(257), 'limit limit/partitions'],
  ])('%s', async (_, extents, code) => {
    put('plain', Buffer.alloc(5120));
    writeFileSync(join(outside, 'plain'), Buffer.alloc(5120));
    put('disk.vmdk', describeDisk(extents));
    expect(await failure(() => open('disk.vmdk'))).toBe(code);
  });

  it('a parent', async () => {
    put('disk.vmdk', describeDisk('RW 1 ZERO').replace('ffffffff', '12345678'));
    expect(await failure(() => open('disk.vmdk'))).toBe('unsupported vmdk/needs-parent');
  });
});

it('damage anywhere ends in bytes or an ImageError', async () => {
  const random = createRandom(20_261_122);
  const names = Object.values(files).flat();
  const outcomes = new Set<string>();
  for (let round = 0; round < 60; round++) {
    const name = names[random(names.length)] ?? '';
    const bytes = read(name);
    for (let count = random(4); count >= 0; count--) bytes[random(Math.min(bytes.length, 4096))] = random(256);
    put(name, random(6) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes);
    for (const disk of Object.keys(files)) {
      outcomes.add(
        await failure(async () => {
          for (const { source } of (await open(disk)).volumes) readAll(source.slice(0, Math.min(source.size, 2 ** 23)));
        }),
      );
    }
    for (const each of opened.splice(0)) each.close();
    put(name, read(name));
  }
  expect(outcomes).toContain('none');
  expect(outcomes.size).toBeGreaterThan(2);
});
