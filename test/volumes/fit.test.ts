import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { patchField } from '../../src/bytes/struct.ts';
import { fdtHeader } from '../../src/volumes/fit/device-tree.ts';
import { fit } from '../../src/volumes/fit/fit.ts';
import { type FitImage, openFit } from '../../src/volumes/fit/fit-image.ts';
import { failure, fuzz, open, readAll, readDisk, readJson, sha256 } from './virtual-fixture.ts';

const recorded = readJson<Record<string, Record<string, { size: number; sha256: string }>>>('fit.json');
const names = Object.keys(recorded);

const read = (image: Uint8Array): FitImage => openFit(new MemorySource(image, 'x.itb'));
const codes = async (image: Buffer): Promise<string[]> =>
  (await open(fit, image)).diagnostics.map(({ level, code, touches = '' }) => `${level} ${code} ${touches}`.trim());

/** A FIT image whose parts all claim the whole file as their data, each with one hash. */
function makeShared(count: number): Buffer {
  const words = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer).swap32();
  const padded = (text: string): Buffer => Buffer.from(text + '\0'.repeat(4 - (text.length % 4)), 'latin1');
  const names = ['data-position', 'data-size', 'value', 'algo'];
  const strings = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
  const property = (name: string, value: Buffer): Buffer =>
    Buffer.concat([words(3, value.length, strings.indexOf(`${name}\0`)), value]);
  const node = (name: string, ...content: Buffer[]): Buffer =>
    Buffer.concat([words(1), padded(name), ...content, words(2)]);
  const build = (size: number): Buffer => {
    const parts = Array.from({ length: count }, (_, i) =>
      node(
        `part-${i}`,
        property('data-position', words(0)),
        property('data-size', words(size)),
        node('hash', property('value', words(0)), property('algo', padded('md5'))),
      ),
    );
    const structure = Buffer.concat([node('', node('images', ...parts)), words(9)]);
    const total = 40 + structure.length + strings.length;
    const header = words(
      0xd00d_feed,
      total,
      40,
      40 + structure.length,
      40,
      17,
      16,
      0,
      strings.length,
      structure.length,
    );
    return Buffer.concat([header, structure, strings]);
  };
  return build(build(0).length);
}

describe('a FIT image', () => {
  it.each(names)('with its data %s gives what dumpimage gives', async (name) => {
    const { volumes, diagnostics } = await open(fit, readDisk(`${name}.itb`));
    const found = volumes.map(({ name, source }) => [name, { size: source.size, sha256: sha256(readAll(source)) }]);
    expect(Object.fromEntries(found)).toEqual(recorded[name]);
    expect(diagnostics).toEqual([]);
    expect(volumes.map(({ name, holdsImage }) => (holdsImage === false ? '' : name))).toEqual(['', 'ramdisk-1', '']);
  });

  it('says what boots', () => {
    const { parts, defaultConfiguration, configurations, hasSignature } = read(readDisk('inside.itb'));
    expect(defaultConfiguration).toBe('conf-1');
    expect(Object.fromEntries(configurations.get('conf-1') ?? [])).toEqual({
      description: 'board',
      kernel: 'kernel-1',
      ramdisk: 'ramdisk-1',
      fdt: 'fdt-1',
    });
    expect(hasSignature).toBe(false);
    expect(
      parts.map(({ type, architecture, compression, hashes }) => [
        type,
        architecture,
        compression,
        hashes.map(({ algorithm }) => algorithm),
      ]),
    ).toEqual([
      ['kernel', 'arm64', 'gzip', ['sha256', 'crc32']],
      ['ramdisk', 'arm64', 'none', ['sha1', 'sha512', 'md5']],
      ['flat_dt', 'arm64', 'none', ['sha384']],
    ]);
  });

  it('is not any device tree', async () => {
    const tree = read(readDisk('inside.itb')).parts[2]?.content;
    expect(await failure(() => open(fit, tree ? readAll(tree) : Buffer.alloc(0)))).toBe('input fit/no-images');
  });
});

describe('hashes', () => {
  it('are all held against the data', async () => {
    const image = readDisk('behind.itb');
    image[image.readUInt32BE(fdtHeader.totalsize.offset) + 20] = 0xff;
    expect(await codes(image)).toEqual(['damage fit/bad-hash everything', 'damage fit/bad-hash everything']);
  });

  it('of an unknown kind are said not to be verified', async () => {
    const image = readDisk('inside.itb');
    image.write('sha999', image.indexOf('sha256\0'), 'latin1');
    expect(await codes(image)).toEqual(['note fit/hash-unknown']);
  });

  it('may stand beside a signature, which is not verified', async () => {
    expect(await codes(readDisk('signed.itb'))).toEqual(['note fit/signature']);
    expect(read(readDisk('signed.itb')).parts.map(({ isSigned }) => isSigned)).toEqual([true, false]);
  });
});

describe('damage', () => {
  it('to one part leaves the others', async () => {
    const image = readDisk('placed.itb').subarray(0, 0x2300);
    const { volumes } = await open(fit, image);
    expect(await codes(image)).toEqual(['damage fit/truncated', 'damage fit/truncated']);
    expect(await Promise.all(volumes.map(({ source }) => failure(() => source.read(0, 1))))).toEqual([
      'none',
      'truncated fit/truncated',
      'truncated fit/truncated',
    ]);
  });

  it.each([
    ['a newer version', 'last_comp_version', 18, 'unsupported fit/version'],
    ['a structure outside', 'size_dt_struct', 0xffff_0000, 'corrupt fit/bad-tree'],
    ['strings outside', 'off_dt_strings', 0xffff_0000, 'corrupt fit/bad-tree'],
    ['a structure that breaks off', 'size_dt_struct', 100, 'corrupt fit/bad-tree'],
    ['no magic', 'magic', 0, 'corrupt fit/bad-tree'],
  ] as const)('%s', async (_, name, value, code) => {
    const image = readDisk('inside.itb');
    patchField(image, 0, fdtHeader[name], value);
    expect(await failure(() => read(image))).toBe(code);
  });

  it.each([
    [16, 'none'],
    [17, 'limit fit/too-much-data'],
  ])('%i parts that are each the whole file', async (count, code) => {
    expect(await failure(() => open(fit, makeShared(count)))).toBe(code);
  });

  it('a tree of many nodes inside each other', async () => {
    const image = readDisk('inside.itb');
    const start = image.readUInt32BE(fdtHeader.off_dt_struct.offset);
    for (let at = start; at < start + 800; at += 8) {
      image.writeUInt32BE(1, at);
      image.writeUInt32BE(0, at + 4);
    }
    expect(await failure(() => read(image))).toBe('corrupt fit/bad-tree');
  });

  it('ends in parts or an ImageError', async () => {
    const image = readDisk('behind.itb');
    const outcomes = await fuzz(
      fit,
      image,
      [
        [0, 40],
        [40, image.readUInt32BE(4)],
      ],
      400,
    );
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(2);
  });
});
