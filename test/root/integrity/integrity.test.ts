/** Images that are not the ones that were built, as bmaptool and veritysetup tell. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import type { Diagnostic } from '../../../src/diagnostic.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { checkBlockMap } from '../../../src/root/integrity/block-map.ts';
import { checkIntegrity } from '../../../src/root/integrity/check-integrity.ts';
import type { Device } from '../../../src/root/layer.ts';
import { openImage } from '../../../src/root/open-image.ts';
import { vmdk } from '../../../src/volumes/vmdk/vmdk.ts';
import { openDisk, readAll, readDisk, readJson } from '../../volumes/virtual-fixture.ts';
import { damaged, deviceOf } from '../devices.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');
const folder = mkdtempSync(join(tmpdir(), 'check-image-integrity-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const codes = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map(({ level, code }) => `${level} ${code}`);

describe('a block map beside an image', () => {
  const map = readFileSync(join(fixtures, 'volumes-virtual/disk.bmap'));
  writeFileSync(path('disk.wic.bmap'), map);
  const disk = async (): Promise<Buffer> => readAll(await openDisk(vmdk, readDisk('sparse.vmdk')));
  const check = async (bytes: Uint8Array, verify: boolean, name = 'disk.wic'): Promise<string[]> =>
    codes(await checkBlockMap(path(name), new MemorySource(bytes, name), defaultLimits, verify));

  it('is held against the size always, against the content when all is read', async () => {
    const image = await disk();
    expect(await check(image, false)).toEqual([]);
    expect(await check(image, true)).toEqual(['note bmap/verified']);
    expect(await check(image, true, 'disk.wic.zst')).toEqual(['note bmap/verified']);
    expect(await check(image, true, 'other.wic')).toEqual([]);
    image[257 * 4096] = 0xff;
    expect(await check(image, false)).toEqual([]);
    expect(await check(image, true)).toEqual(['damage bmap/bad-range']);
    expect(await check(image.subarray(4096), false)).toEqual(['damage bmap/size']);
  });

  it('that was changed itself is damage', async () => {
    writeFileSync(path('changed.wic.bmap'), map.toString().replace('5244416', '5244417'));
    expect(await check(await disk(), false, 'changed.wic')).toEqual(['damage bmap/bad-checksum']);
  });

  it('is looked at whenever an image is opened', async () => {
    writeFileSync(path('node.wic.gz'), gzipSync(gunzipSync(readFileSync(join(fixtures, 'disks/plain.wic.gz')))));
    writeFileSync(path('node.wic.bmap'), map);
    const image = await openImage(path('node.wic.gz'));
    expect(codes(image.diagnostics)).toContain('damage bmap/size');
    image.close();
  });
});

describe('dm-verity', () => {
  const recorded = readJson<Record<string, { bytes: number; rootHash: string }>>('verity.json');
  const { bytes, rootHash } = recorded['three-levels'] ?? { bytes: 0, rootHash: '' };
  /** What make-verity.sh made the tree of. */
  const data = Buffer.alloc(bytes);
  data.write(Array.from({ length: 60_000 }, (_, i) => `${i + 1}\n`).join(''), 'latin1');
  const tree = readDisk('three-levels.verity');
  const uuidOf = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const halves = [uuidOf(rootHash.slice(0, 32)), uuidOf(rootHash.slice(32))] as const;

  interface Given {
    readonly content?: Buffer;
    readonly uuids?: readonly [string, string];
    readonly commandLine?: string;
    readonly verify?: boolean;
  }
  const check = async ({ content = data, uuids = halves, commandLine, verify = false }: Given): Promise<string[]> => {
    const part = (number: number, type: string, uuid: string, source: Uint8Array): Device => ({
      ...deviceOf(number, damaged, { type, uuid }),
      source: new MemorySource(source, `disk!p${number}`),
    });
    const devices = [
      part(2, '4f68bce3-e8cd-4db1-96e7-fbcaf984b709', uuids[0], content),
      part(3, '2c7357ed-ebd2-46d9-aec1-23d437ec2bf5', uuids[1], tree),
    ];
    const whole = new MemorySource(new Uint8Array(512), 'disk');
    const request = { path: path('disk.raw'), whole, devices, limits: defaultLimits, commandLine, verify };
    return codes(await checkIntegrity(request));
  };

  it('agrees with the command line and the partitions', async () => {
    expect(await check({})).toEqual([]);
    expect(await check({ commandLine: `quiet roothash=${rootHash}` })).toEqual([]);
    expect(await check({ commandLine: `roothash=${rootHash.toUpperCase()}`, verify: true })).toEqual([
      'note verity/verified',
    ]);
  });

  it('is found out where it does not', async () => {
    const other = rootHash.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    expect(await check({ commandLine: `roothash=${other}` })).toEqual(['damage verity/root-hash']);
    expect(await check({ uuids: [halves[1], halves[1]] })).toEqual(['damage verity/root-hash']);
    expect(await check({ uuids: [halves[1], halves[0]], commandLine: `roothash=${other}` })).toHaveLength(2);
  });

  it('tells changed data when all is read', async () => {
    const content = Buffer.from(data);
    content[5000] = (content[5000] ?? 0) ^ 1;
    expect(await check({ content })).toEqual([]);
    expect(await check({ content, verify: true })).toEqual(['damage verity/root-hash', 'damage verity/tree']);
    expect(await check({ content: data.subarray(0, 4096), verify: true })).toEqual(['damage verity/truncated']);
  });

  it('may stand behind its data, with its settings beside the image', async () => {
    const image = Buffer.concat([data, tree]);
    const run = async (verify: boolean): Promise<string[]> => {
      const whole = new MemorySource(image, 'root.verity');
      const request = {
        path: path('root.verity.gz'),
        whole,
        devices: [],
        limits: defaultLimits,
        commandLine: undefined,
      };
      return codes(await checkIntegrity({ ...request, verify }));
    };
    expect(await run(true)).toEqual([]);
    writeFileSync(path('root.verity.env'), `ROOT_HASH=${rootHash}\nHASH_OFFSET=${bytes}\n`);
    expect(await run(false)).toEqual([]);
    expect(await run(true)).toEqual(['note verity/verified']);
    writeFileSync(path('root.verity.env'), `ROOT_HASH=${'0'.repeat(64)}\nHASH_OFFSET=${bytes}\n`);
    expect(await run(false)).toEqual(['damage verity/root-hash']);
  });

  it.each(['appended', 'appended-ext'])('behind a file system is found without settings: %s', async (fixture) => {
    const image = readDisk(`${fixture}.verity`);
    const rootHash = readFileSync(join(fixtures, `volumes-virtual/${fixture}.verity.txt`), 'utf8').trim();
    const opened = async (bytes: Uint8Array, name = 'system.img'): Promise<readonly Diagnostic[]> => {
      writeFileSync(path(name), bytes);
      const { diagnostics, close } = await openImage(path(name), { verify: true });
      close();
      return diagnostics;
    };
    const [verified, ...more] = await opened(image);
    expect(verified).toMatchObject({ level: 'note', code: 'verity/verified' });
    expect(verified?.message).toBe(
      `all data give the root hash ${rootHash}, which nothing in the image or beside it names`,
    );
    expect(more).toEqual([]);
    writeFileSync(path('bare.verity.env'), `ROOT_HASH=${rootHash}\n`);
    expect((await opened(image, 'bare.verity'))[0]?.message).toBe(`all data give the root hash ${rootHash}`);
    writeFileSync(path('bare.verity.env'), `ROOT_HASH=${'0'.repeat(64)}\n`);
    expect(codes(await opened(image, 'bare.verity'))).toEqual(['damage verity/root-hash']);
    image[3000] = (image[3000] ?? 0) ^ 1;
    expect(codes(await opened(image))).toEqual(['damage verity/root-hash', 'damage verity/tree']);
    rmSync(path('bare.verity.env'));
  });
});

describe('a discoverable disk image', () => {
  const image = readDisk('signed.ddi');
  const opened = async (bytes: Uint8Array, verify = false): Promise<string[]> => {
    writeFileSync(path('signed.ddi'), bytes);
    const { diagnostics, close } = await openImage(path('signed.ddi'), { verify });
    close();
    return codes(diagnostics).filter((each) => each.includes('verity/'));
  };
  const edited = (from: string, to: string): Buffer => {
    const copy = Buffer.from(image);
    copy.write(to, copy.indexOf(from), 'latin1');
    return copy;
  };

  it('is signed over the root hash that its data give', async () => {
    expect(await opened(image)).toEqual([]);
    expect(await opened(image, true)).toEqual(['note verity/verified']);
  });

  it('is found out where another root hash is signed', async () => {
    const signed = /"rootHash":"(.)/.exec(image.toString('latin1'))?.[1] ?? '';
    expect(await opened(edited(`"rootHash":"${signed}`, `"rootHash":"${signed === '0' ? '1' : '0'}`))).toEqual([
      'damage verity/root-hash',
    ]);
  });

  it.each([
    ['"rootHash"', '"rootHush"'],
    ['"signature"', '"signatore"'],
    ['{"rootHash"', '["rootHash"'],
    ['"rootHash":"', '"rootHash":"-'],
  ])('with %s written as %s has no signature that can be read', async (from, to) => {
    expect(await opened(edited(from, to))).toEqual(['damage verity/bad-signature']);
  });

  it('may wait for its signature', async () => {
    const copy = Buffer.from(image);
    const at = copy.indexOf('{"rootHash"');
    copy.fill(0, at, at + 4096);
    expect(await opened(copy)).toEqual([]);
  });
});
