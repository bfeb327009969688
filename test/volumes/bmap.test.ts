import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/bytes/byte-source.ts';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { type Bmap, parseBmap } from '../../src/volumes/bmap/bmap.ts';
import { verifyBmap } from '../../src/volumes/bmap/verify-bmap.ts';
import { vmdk } from '../../src/volumes/vmdk/vmdk.ts';
import { createRandom } from './fixture.ts';
import { failure, openDisk, readAll, readDisk } from './virtual-fixture.ts';

/** By bmaptool (test/fixtures/volumes-virtual/make-bmap.sh) for the disk in sparse.vmdk. */
const text = readFileSync(join(import.meta.dirname, '../fixtures/volumes-virtual/disk.bmap'), 'utf8');
const parse = (edited: string): Bmap => parseBmap(edited, 'disk.bmap');
const unsealed = text.replace(/<BmapFileChecksum>.*<\/BmapFileChecksum>/, '');
const disk = async (): Promise<ByteSource> => openDisk(vmdk, readDisk('sparse.vmdk'));
const codes = (image: ByteSource, map: Bmap): string[] =>
  verifyBmap(image, map).map(({ level, code }) => `${level} ${code}`);

describe('a block map', () => {
  it('describes the image that bmaptool made it for', async () => {
    const map = parse(text);
    expect(map).toMatchObject({ imageBytes: 5_244_416, blockBytes: 4096, algorithm: 'sha256' });
    expect(map.ranges.map(({ firstBlock, lastBlock }) => [firstBlock, lastBlock]).slice(0, 2)).toEqual([
      [0, 0],
      [256, 258],
    ]);
    expect(codes(await disk(), map)).toEqual([]);
  });

  it('finds every change of what is mapped', async () => {
    const image = readAll(await disk());
    image[257 * 4096] = 0xff;
    image[image.length - 1] = 0xff;
    expect(verifyBmap(new MemorySource(image, 'disk.wic'), parse(text))).toMatchObject([
      { code: 'bmap/bad-range', location: { source: 'disk.wic', offset: 256 * 4096 } },
      { code: 'bmap/bad-range', location: { offset: 1280 * 4096 } },
    ]);
    expect(codes(new MemorySource(Buffer.alloc(image.length, 1), 'disk.wic'), parse(text))).toHaveLength(6);
    expect(codes(new MemorySource(image.subarray(1), 'disk.wic'), parse(text))).toEqual(['damage bmap/size']);
  });

  it('of version 1.3 is read as well', async () => {
    const ranges = '<BlockMap><Range sha1="aa"> 0-1 </Range><Range> 3 </Range></BlockMap>';
    const old = `<bmap version="1.3"><ImageSize> 16384 </ImageSize><BlockSize> 4096 </BlockSize>${ranges}</bmap>`;
    expect(parse(old)).toEqual({
      imageBytes: 16_384,
      blockBytes: 4096,
      algorithm: 'sha1',
      ranges: [
        { firstBlock: 0, lastBlock: 1, digest: 'aa' },
        { firstBlock: 3, lastBlock: 3 },
      ],
    });
    expect(codes(new MemorySource(Buffer.alloc(16_384), 'x'), parse(old))).toEqual(['damage bmap/bad-range']);
  });

  it.each([
    ['another text', 'not a map', 'corrupt bmap/not-a-bmap'],
    ['version 3', text.replace('version="2.0"', 'version="3.0"'), 'unsupported bmap/version'],
    ['a change to itself', text.replace('256-258', '256-259'), 'corrupt bmap/bad-checksum'],
    ['an unknown checksum', unsealed.replace('> sha256 <', '> crc9 <'), 'unsupported bmap/checksum'],
    ['no size', unsealed.replace('5244416', 'x'), 'corrupt bmap/bad-size'],
    ['blocks of 0 bytes', unsealed.replace('> 4096 <', '> 0 <'), 'corrupt bmap/bad-size'],
    ['a range backwards', unsealed.replace('256-258', '258-256'), 'corrupt bmap/bad-range'],
    ['a range twice', unsealed.replace('256-258', '0'), 'corrupt bmap/bad-range'],
    ['a range outside', unsealed.replace('256-258', '9999-99999'), 'corrupt bmap/bad-range'],
    ['a range less', unsealed.replace(/<Range chksum="b5.*<\/Range>/, ''), 'corrupt bmap/bad-range'],
    ['a range that no one can read', unsealed.replace('256-258', 'two'), 'corrupt bmap/bad-range'],
  ])('with %s is refused', async (_, edited, code) => {
    expect(await failure(() => parse(edited))).toBe(code);
  });

  it('ends in a map or an ImageError whatever the damage', async () => {
    const random = createRandom(5);
    const outcomes = new Set<string>();
    for (let round = 0; round < 300; round++) {
      const at = random(unsealed.length);
      const edited = unsealed.slice(0, at) + String.fromCharCode(random(256)) + unsealed.slice(at + random(40));
      outcomes.add(await failure(() => parse(edited)));
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(2);
  });
});
