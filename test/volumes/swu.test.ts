import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { defaultLimits } from '../../src/limits.ts';
import { LayerOpener } from '../../src/root/open-layers.ts';
import { parseBraced } from '../../src/volumes/braced-text.ts';
import { findDescribedFiles } from '../../src/volumes/swu/description.ts';
import { swu } from '../../src/volumes/swu/swu.ts';
import { failure, fuzz, open, readAll, readDisk, readJson, sha256 } from './virtual-fixture.ts';

const recorded = readJson<Record<string, { size: number; sha256: string }>>('swu.json');

const codes = async (image: Buffer): Promise<string[]> =>
  (await open(swu, image)).diagnostics.map(({ level, code, touches = '' }) => `${level} ${code} ${touches}`.trim());

/** The image with its description edited, and its checksum made to hold. */
function edited(edit: (text: string) => string): Buffer {
  const image = readDisk('update.swu');
  const start = 128;
  const size = recorded['sw-description']?.size ?? 0;
  const text = edit(image.toString('latin1', start, start + size)).padEnd(size, ' ');
  expect(text.length).toBe(size);
  image.write(text, start, 'latin1');
  const sum = image.subarray(start, start + size).reduce((total, byte) => total + byte, 0);
  image.write(sum.toString(16).padStart(8, '0'), 102, 'latin1');
  return image;
}

describe('a SWUpdate image', () => {
  it('holds what cpio takes out of it', async () => {
    const { volumes, diagnostics } = await open(swu, readDisk('update.swu'));
    const found = volumes.map(({ name, source }) => [name, { size: source.size, sha256: sha256(readAll(source)) }]);
    expect(Object.fromEntries(found)).toEqual(recorded);
    expect(diagnostics.map(({ code }) => code)).toEqual(['swu/signature']);
    expect(volumes.filter(({ holdsImage }) => holdsImage !== false).map(({ name }) => name)).toEqual([
      'rootfs.ext2.gz',
      'linux.efi',
    ]);
  });

  it('is opened down to the file system of its payload', async () => {
    const opener = new LayerOpener({ limits: defaultLimits });
    const { layer, devices } = await opener.open(new MemorySource(readDisk('update.swu'), 'update.swu'));
    expect(layer.children[2]).toMatchObject({
      format: 'rootfs.ext2.gz',
      children: [{ format: 'gz', children: [{ format: 'ext2', volumeLabel: 'platform' }] }],
    });
    expect(devices[0]).toMatchObject({
      name: 'rootfs.ext2.gz',
      label: 'update.swu!rootfs.ext2.gz',
      content: { state: 'filesystem' },
    });
    opener.close();
  });
});

describe('a description', () => {
  const find = (text: string) => findDescribedFiles(parseBraced(text, 'x'));

  it('is read in every spelling', () => {
    const wanted = [
      { filename: 'a.img', section: 'images', sha256: 'ab12', isEncrypted: false },
      { filename: 'b "c"', section: 'scripts', isEncrypted: true },
    ];
    expect(
      find(`// comment
        software: { images = ( { filename : "a." "img", sha256 = "AB12" } ); "scripts": [ { filename = "b \\"c\\""; encrypted = true; } ] }`),
    ).toEqual(wanted);
    expect(
      find(
        '{"software":{"images":[{"filename":"a.img","sha256":"ab12"}],"scripts":[{"filename":"b \\"c\\"","encrypted":true}]}}',
      ),
    ).toEqual(wanted);
  });

  it.each(['a = (', 'a = }', '{ "x" ] }', 'a { } { }', 'a { b { } } }', '"'])('%s is refused', (text) => {
    expect(() => find(text)).toThrow(expect.objectContaining({ kind: 'corrupt', code: 'text/bad-braces' }));
  });
});

describe('what does not match', () => {
  it('is damage', async () => {
    const image = readDisk('update.swu');
    const at = image.indexOf('not a kernel');
    image[at] = 0x4e;
    expect(await codes(image)).toEqual([
      'damage swu/bad-checksum everything',
      'damage swu/bad-digest everything',
      'note swu/signature',
    ]);
  });

  it.each([
    ['sha256', 'sha999', ['note swu/no-digest', 'note swu/signature']],
    ['"linux.efi"', '"linux.exe"', ['damage swu/missing-file everything', 'note swu/signature']],
  ])('%s changed to %s', async (from, to, wanted) => {
    const replace = (text: string): string => {
      const at = text.indexOf('linux.efi');
      const start = from.startsWith('"') ? at - 1 : text.indexOf(from, at);
      return text.slice(0, start) + to + text.slice(start + from.length);
    };
    expect(await codes(edited(replace))).toEqual(wanted);
  });
});

describe('refused', () => {
  it('an encrypted payload, by name', async () => {
    const image = edited((text) => text.replace('path = "EFI/Linux/linux.efi"', 'encrypted = true'));
    const { volumes } = await open(swu, image);
    const payload = volumes.find(({ name }) => name === 'linux.efi')?.source;
    expect(await failure(() => payload?.read(0, 1))).toBe('unsupported swu/encrypted');
  });

  it.each([
    [
      'an encrypted description',
      edited(() => '\0'.repeat(recorded['sw-description']?.size ?? 0)),
      'unsupported swu/encrypted',
    ],
    ['a cut-off archive', readDisk('update.swu').subarray(0, 3000), 'truncated bytes/truncated'],
    ['an archive without a trailer', readDisk('update.swu').subarray(0, 128 + 956), 'truncated swu/truncated'],
  ])('%s', async (_, image, code) => {
    expect(await failure(() => open(swu, image))).toBe(code);
  });
});

it('ends in members or an ImageError whatever the damage', async () => {
  const image = readDisk('update.swu');
  const outcomes = await fuzz(
    swu,
    image,
    [
      [0, 110],
      [128, 1100],
      [0, image.length],
    ],
    400,
  );
  expect(outcomes).toContain('none');
  expect(outcomes.size).toBeGreaterThan(3);
});
