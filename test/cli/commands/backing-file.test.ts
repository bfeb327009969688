import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { qcow2 } from '../../../src/volumes/qcow2/qcow2.ts';
import { openDisk, readAll, readDisk } from '../../volumes/virtual-fixture.ts';
import { checkImage } from '../command-line.ts';

const empty = join(import.meta.dirname, '../../fixtures/volumes-virtual/backing/empty.qcow2.gz');
const partition = { start: 2048 * 512, size: 1024 * 1024 };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backing-'));
  writeFileSync(join(folder, 'disk.qcow2'), gunzipSync(readFileSync(empty)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a qcow2 disk that holds nothing of its own', () => {
  it.each([
    ['a disk with partitions', 'disk.qcow2!p1:/hello.txt', (disk: Buffer) => disk],
    [
      'one file system',
      'disk.qcow2:/hello.txt',
      (disk: Buffer) => disk.subarray(partition.start, partition.start + partition.size),
    ],
  ])('over %s: read with --backing only', async (_, target, cut) => {
    const base = readAll(await openDisk(qcow2, readDisk('v2.qcow2')));
    writeFileSync(join(folder, 'base.raw'), cut(base));
    const argument = join(folder, target);
    expect(await checkImage('cat', '--backing', argument)).toEqual({ code: 0, out: 'hello\n', err: '' });
    const { code, out, err } = await checkImage('cat', argument);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('its backing file "base.raw"');
    expect(err).toContain('--backing');
  });

  it('judged without a root in its backing file: no verdict, and the file is named', async () => {
    rmSync(join(folder, 'base.raw'), { force: true });
    const { code, out, err } = await checkImage('--backing', join(folder, 'disk.qcow2'));
    expect(code).toBe(3);
    expect(out + err).toContain('base.raw');
  });
});
