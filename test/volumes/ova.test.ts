import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { defaultLimits } from '../../src/limits.ts';
import { LayerOpener } from '../../src/root/open-layers.ts';
import { parseManifest, parseOvf } from '../../src/volumes/ova/descriptor.ts';
import { ova } from '../../src/volumes/ova/ova.ts';
import { failure, fuzz, open, openDisk, readAll, readDisk } from './virtual-fixture.ts';

interface File {
  readonly name: string;
  readonly content: Buffer;
  /** The typeflag, `0` if not said. */
  readonly type?: string;
}

/** The members of the fixture, for other archives made of them. */
function members(): File[] {
  const image = readDisk('machine.ova');
  const files: File[] = [];
  for (let at = 0; image[at] !== 0; ) {
    const size = Number.parseInt(image.toString('latin1', at + 124, at + 135), 8);
    const name = image.toString('latin1', at, image.indexOf(0, at));
    files.push({ name, content: Buffer.from(image.subarray(at + 512, at + 512 + size)) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/** An archive as tar writes it. */
function pack(files: readonly File[]): Buffer {
  const parts = files.flatMap(({ name, content, type = '0' }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 'latin1');
    header.write('0000644\x000000000\x000000000\0', 100, 'latin1');
    header.write(`${content.length.toString(8).padStart(11, '0')}\x0014524303400\0        ${type}`, 124, 'latin1');
    header.write('ustar\x0000', 257, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

const codes = async (image: Buffer): Promise<string[]> =>
  (await open(ova, image)).diagnostics.map(({ level, code, touches = '' }) => `${level} ${code} ${touches}`.trim());

describe('an OVA', () => {
  it('is opened down to the file system', async () => {
    const opener = new LayerOpener({ limits: defaultLimits });
    const { layer, devices } = await opener.open(new MemorySource(readDisk('machine.ova'), 'machine.ova'));
    expect(layer).toMatchObject({
      format: 'ova',
      diagnostics: [],
      children: [{ format: 'vmdk', children: [{ format: 'gpt' }] }],
    });
    expect(devices[0]).toMatchObject({ label: 'machine.ova!p1', content: { state: 'filesystem' } });
    opener.close();
  });

  it('holds the disk as it is', async () => {
    const disk = await openDisk(ova, readDisk('machine.ova'));
    expect(readAll(disk).equals(readDisk('stream.vmdk'))).toBe(true);
  });

  it('is not every tar archive', () => {
    const [descriptor, ...others] = members();
    expect(ova.detect(new MemorySource(pack(others), 'x.tar'))).toBe(false);
    expect(ova.detect(new MemorySource(pack(descriptor ? [descriptor] : []), 'x.tar'))).toBe(true);
  });

  it('of several disks names them', async () => {
    const [descriptor, , disk] = members();
    if (!descriptor || !disk) throw new Error('incomplete');
    const text = descriptor.content
      .toString()
      .replace(
        /<(File|Disk) [^>]*\/>/g,
        (tag) => `${tag}${tag.replace('disk001', 'disk002').replace('file1', 'file2')}`,
      );
    const second = { name: 'machine-disk002.vmdk', content: Buffer.from('another') };
    const { volumes } = await open(ova, pack([{ ...descriptor, content: Buffer.from(text) }, disk, second]));
    expect(volumes.map(({ name, source }) => [name, source.label, source.size])).toEqual([
      ['machine-disk001.vmdk', 'disk!machine-disk001.vmdk', disk.content.length],
      ['machine-disk002.vmdk', 'disk!machine-disk002.vmdk', 7],
    ]);
  });
});

describe('a manifest', () => {
  it('is held against every file', async () => {
    expect(await codes(readDisk('machine.ova'))).toEqual([]);
    const files = members();
    const last = files.at(-1);
    if (last) last.content[70_000] = (last.content[70_000] ?? 0) ^ 1;
    expect(await codes(pack(files))).toEqual(['damage ova/bad-digest everything']);
  });

  it('says what is missing and what it does not understand', async () => {
    const files = members().map((file) =>
      file.name.endsWith('.mf')
        ? { ...file, content: Buffer.concat([file.content, Buffer.from('SHA1(gone)= 00\nMD4(x)= 00\n')]) }
        : file,
    );
    expect(await codes(pack(files))).toEqual(['note ova/manifest-line', 'damage ova/missing-file everything']);
  });

  it('is read in both spellings', () => {
    const { lines, unread } = parseManifest('SHA1(a b.vmdk)= 0AFF\r\nSHA256 (x) = 12\n\n');
    expect(unread).toBe(0);
    expect(lines).toEqual([
      { algorithm: 'sha1', name: 'a b.vmdk', digest: '0aff' },
      { algorithm: 'sha256', name: 'x', digest: '12' },
    ]);
  });
});

it('a descriptor is read by its tags', () => {
  const xml = `<!-- <File ovf:href="no"/> --><File ovf:id='a' ovf:href="x &amp; y.vmdk"/><ovf:File ovf:id="b" ovf:href="b.iso"/>
    <File ovf:id="c" ovf:href="c" ovf:chunkSize="10"/><Disk ovf:fileRef="a"/><Disk ovf:fileRef="c"/>`;
  expect(parseOvf(xml)).toEqual([
    { href: 'x & y.vmdk', isChunked: false, isDisk: true },
    { href: 'b.iso', isChunked: false, isDisk: false },
    { href: 'c', isChunked: true, isDisk: true },
  ]);
});

describe('refused', () => {
  const edit = (from: string, to: string): Buffer =>
    pack(
      members()
        .filter(({ name }) => !name.endsWith('.mf'))
        .map((file) =>
          file.name.endsWith('.ovf')
            ? { ...file, content: Buffer.from(file.content.toString().replace(from, to)) }
            : file,
        ),
    );

  it.each([
    ['a disk in chunks', edit('ovf:id=', 'ovf:chunkSize="5" ovf:id='), 'unsupported ova/chunked'],
    ['no disk at all', edit('<Disk ', '<Disc '), 'corrupt ova/no-disk'],
    ['a disk that is not there', edit('disk001', 'disk009'), 'corrupt ova/no-disk'],
    ['a cut-off disk', readDisk('machine.ova').subarray(0, 20_000), 'truncated ova/truncated'],
  ])('%s', async (_, image, code) => {
    expect(await failure(() => open(ova, image))).toBe(code);
  });

  it('a member that is no plain file', async () => {
    const [descriptor, ...others] = members();
    const image = pack([...(descriptor ? [descriptor] : []), ...others.map((file) => ({ ...file, type: 'L' }))]);
    expect(await failure(() => open(ova, image))).toBe('unsupported ova/member-type');
    image.write('0', 156, 'latin1');
    image.write('9', 100, 'latin1');
    expect(await failure(() => open(ova, image))).toBe('corrupt ova/bad-header');
  });
});

it('ends in disks or an ImageError whatever the damage', async () => {
  const outcomes = await fuzz(
    ova,
    readDisk('machine.ova'),
    [
      [0, 512],
      [512, 1500],
      [1536, 3000],
    ],
    300,
  );
  expect(outcomes).toContain('none');
  expect(outcomes.size).toBeGreaterThan(2);
});
