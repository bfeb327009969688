import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileSource } from '../../src/bytes/file-source.ts';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { openWithNeighbours } from '../../src/bytes/neighbours.ts';
import { patchField } from '../../src/bytes/struct.ts';
import { defaultLimits } from '../../src/limits.ts';
import { qcow2Header } from '../../src/volumes/qcow2/header.ts';
import { qcow2 } from '../../src/volumes/qcow2/qcow2.ts';
import type { VolumeTable } from '../../src/volumes/volume.ts';
import { createRandom } from './fixture.ts';
import { expectSame, failure, readAll, readJson, sha256 } from './virtual-fixture.ts';

const fixtures = join(import.meta.dirname, '../fixtures/volumes-virtual/backing');
const wanted = readJson<Record<string, { readonly size: number; readonly sha256: string }>>('backing/disks.json');
const outside = mkdtempSync(join(tmpdir(), 'backing-'));
const folder = join(outside, 'images');
const opened: FileSource[] = [];

const read = (name: string): Buffer => gunzipSync(readFileSync(join(fixtures, `${name}.gz`)));
const put = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder, name), bytes);

beforeEach(() => {
  for (const each of opened.splice(0)) each.close();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const name of ['base.raw', ...Object.keys(wanted)]) put(name, read(name));
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

async function open(name: string, limits = defaultLimits): Promise<VolumeTable> {
  const source = openWithNeighbours(join(folder, name));
  opened.push(source);
  return qcow2.open(source, { limits });
}

/** The disk with another name for its backing file, written over the old one and what follows. */
function rename(disk: string, name: string): Buffer {
  const image = read(disk);
  const at = image.readUInt32BE(qcow2Header.backing_file_offset.offset + 4);
  image.write(name, at, 'latin1');
  patchField(image, 0, qcow2Header.backing_file_size, name.length);
  return image;
}

describe('a backing file', () => {
  it.each(Object.keys(wanted))('of %s shows through as qemu-img has it', async (name) => {
    const { volumes } = await open(name);
    const [disk] = volumes;
    if (!disk) throw new Error('no disk');
    expectSame(disk.source, wanted[name] as (typeof wanted)[string]);
  });

  it('is said to be read', async () => {
    const { diagnostics } = await open('top.qcow2');
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'qcow2/backing-file what top.qcow2 leaves out is read from its backing file middle.qcow2',
      'qcow2/backing-file what middle.qcow2 leaves out is read from its backing file base.raw',
    ]);
  });

  it('is not read from an image that has no folder', async () => {
    const source = new MemorySource(read('top.qcow2'), 'disk');
    expect(await failure(() => qcow2.open(source, { limits: defaultLimits }))).toBe('unsupported qcow2/backing-file');
    const partOf = openWithNeighbours(join(folder, 'top.qcow2'));
    opened.push(partOf);
    expect(partOf.slice(0, partOf.size - 1).openBeside).toBeUndefined();
    expect(partOf.slice(0, partOf.size).openBeside).toBeDefined();
  });

  it.each(['./base.raw', 'sub/base.raw', join(folder, 'base.raw'), 'link.raw'])('is found as %s', async (name) => {
    mkdirSync(join(folder, 'sub'));
    put('sub/base.raw', read('base.raw'));
    symlinkSync('base.raw', join(folder, 'link.raw'));
    put('disk.qcow2', rename('middle.qcow2', name));
    const [disk] = (await open('disk.qcow2')).volumes;
    expect(disk && sha256(readAll(disk.source))).toBe(wanted['middle.qcow2']?.sha256);
  });
});

describe('refused', () => {
  it.each([
    ['../outside.raw', 'input host/refused-neighbour'],
    ['sub/../base.raw', 'input host/refused-neighbour'],
    ['/etc/passwd', 'input host/refused-neighbour'],
    ['out.raw', 'input host/refused-neighbour'],
    ['outer/outside.raw', 'input host/refused-neighbour'],
    ['nbd:localhost:10809', 'input host/refused-neighbour'],
    ['nbd://localhost/disk', 'input host/refused-neighbour'],
    ['file:base.raw', 'input host/refused-neighbour'],
    ['json:{"file.filename":"base.raw"}', 'input host/refused-neighbour'],
    ['base\0raw', 'input host/refused-neighbour'],
    ['disk.qcow2', 'input host/refused-neighbour'],
    ['same.qcow2', 'input host/refused-neighbour'],
    ['missing.raw', 'input host/enoent'],
    ['sub', 'input host/not-a-file'],
  ])('the name %s', async (name, code) => {
    writeFileSync(join(outside, 'outside.raw'), 'secret');
    mkdirSync(join(folder, 'sub'));
    symlinkSync('../outside.raw', join(folder, 'out.raw'));
    symlinkSync('..', join(folder, 'outer'));
    put('disk.qcow2', rename('middle.qcow2', name));
    linkSync(join(folder, 'disk.qcow2'), join(folder, 'same.qcow2'));
    expect(await failure(() => open('disk.qcow2'))).toBe(code);
  });

  it.each([
    [1000, 'input host/enametoolong'],
    [1024, 'corrupt qcow2/bad-backing-name'],
  ])('a name of %i bytes', async (length, code) => {
    put('disk.qcow2', rename('middle.qcow2', 'x'.repeat(length)));
    expect(await failure(() => open('disk.qcow2'))).toBe(code);
  });

  it('a chain that leads back, and one that is too long', async () => {
    put('middle.qcow2', rename('top.qcow2', 'top.qcow2'));
    expect(await failure(() => open('top.qcow2'))).toBe('input host/refused-neighbour');
    put('middle.qcow2', read('middle.qcow2'));
    expect(await failure(() => open('top.qcow2', { ...defaultLimits, nesting: 1 }))).toBe('limit limit/nesting');
    expect(await failure(() => open('top.qcow2', { ...defaultLimits, nesting: 2 }))).toBe('none');
  });

  it('a format that is another, unknown or not written down', async () => {
    put('middle.qcow2', read('base.raw'));
    expect(await failure(() => open('top.qcow2'))).toBe('corrupt qcow2/bad-backing-file');
    const image = read('middle.qcow2');
    const at = image.indexOf(Buffer.from('e2792aca', 'hex'));
    image.write('vhd', at + 8);
    put('other.qcow2', image);
    expect(await failure(() => open('other.qcow2'))).toBe('unsupported qcow2/backing-format');
    image.writeUInt32BE(0, at);
    put('other.qcow2', image);
    expect(await failure(() => open('other.qcow2'))).toBe('unsupported qcow2/backing-format');
    image.writeUInt32BE(0x1234, at);
    image.writeUInt32BE(0xffff_fff0, at + 4);
    put('other.qcow2', image);
    expect(await failure(() => open('other.qcow2'))).toBe('corrupt qcow2/bad-extension');
  });

  it('damage anywhere in the header ends in bytes or an ImageError', async () => {
    const random = createRandom(11);
    const outcomes = new Set<string>();
    for (let round = 0; round < 200; round++) {
      const image = read('middle.qcow2');
      for (let count = random(4); count >= 0; count--) image[4 + random(600)] = random(256);
      put('disk.qcow2', image);
      outcomes.add(
        await failure(async () => {
          for (const { source } of (await open('disk.qcow2')).volumes) source.read(0, Math.min(source.size, 50_000));
        }),
      );
      for (const each of opened.splice(0)) each.close();
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(4);
  });
});
