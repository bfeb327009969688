/** A disk in every format and subformat that qemu-img writes and check-image reads: the bytes are those of `qemu-img convert`. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openWithNeighbours } from '../../../src/bytes/neighbours.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { volumeFormats } from '../../../src/volumes/registry.ts';
import { hashRange } from '../../filesystems/conformance.ts';
import { run, scratchFolder } from './host-tree.ts';

const clusters = ['512', '1k', '4k', '64k', '1M', '2M'];
const rows: readonly (readonly [format: string, options: string])[] = [
  ...clusters.map((size) => ['qcow2', `-o cluster_size=${size}`] as const),
  ...clusters.map((size) => ['qcow2', `-c -o cluster_size=${size}`] as const),
  ...['4k', '64k', '2M'].map((size) => ['qcow2', `-c -o compression_type=zstd,cluster_size=${size}`] as const),
  ...[1, 2, 4, 8, 16, 32, 64].map((bits) => ['qcow2', `-o refcount_bits=${bits}`] as const),
  ['qcow2', '-o compat=0.10'],
  ['qcow2', '-c -o compat=0.10'],
  ['qcow2', '-o extended_l2=on,cluster_size=16k'],
  ['qcow2', '-o extended_l2=on,cluster_size=2M'],
  ['qcow2', '-c -o extended_l2=on'],
  ['qcow2', '-o lazy_refcounts=on'],
  ['qcow2', '-o preallocation=metadata'],
  ['qcow2', '-o preallocation=falloc'],
  ['qcow2', '-o preallocation=full'],
  ['qcow2', '-S 0'],
  ['vmdk', '-o subformat=monolithicSparse'],
  ['vmdk', '-o subformat=monolithicSparse,zeroed_grain=on'],
  ['vmdk', '-o subformat=monolithicSparse,adapter_type=lsilogic,hwversion=13'],
  ['vmdk', '-o subformat=streamOptimized'],
  ['vmdk', '-o subformat=monolithicFlat'],
  ['vmdk', '-o subformat=twoGbMaxExtentFlat'],
  ['vmdk', '-o subformat=twoGbMaxExtentSparse'],
  ['vdi', ''],
  ['vdi', '-o static=on'],
  ['vpc', '-o subformat=dynamic'],
  ['vpc', '-o subformat=dynamic,force_size=on'],
  ['vpc', '-o subformat=fixed'],
  ['vpc', '-o subformat=fixed,force_size=on'],
  ...['1M', '8M', '256M'].map((size) => ['vhdx', `-o subformat=dynamic,block_size=${size}`] as const),
  ['vhdx', '-o subformat=fixed'],
  ['vhdx', '-o subformat=dynamic,block_state_zero=off'],
  ['vhdx', '-o subformat=dynamic,log_size=4M'],
];

const { folder, remove } = scratchFolder('disks');
afterAll(remove);
// Text, noise, holes, zeros that are written, and an end in the middle of every kind of cluster.
run(`cd ${folder}
  truncate -s $((40 * 1024 * 1024 + 3 * 512)) disk.raw
  put() { dd of=disk.raw bs=512 seek="$1" conv=notrunc status=none; }
  seq 1 100000 | put 0
  head -c 3000000 /dev/zero | openssl enc -aes-128-ctr -nosalt -K 0011 -iv 00 2> log | put 30001
  seq 1 50000 | put 60000
  head -c 1000000 /dev/zero | put 71000
  printf 'fill%.0s' {1..200000} | put 76000
  printf 'the last sector' | put $((40 * 2048 + 2))`);

describe('qemu-img convert', () => {
  it.each(rows)('%s %s', async (format, options) => {
    const name = join(folder, 'image');
    run(
      `cd ${folder} && qemu-img convert -f raw -O ${format} ${options} disk.raw image && qemu-img convert -f ${format} -O raw image back`,
    );
    const source = openWithNeighbours(name);
    try {
      const found = volumeFormats.find((each) => each.detect(source));
      const table = await found?.open(source, { limits: defaultLimits });
      const volume = table?.volumes[0]?.source;
      if (!volume) throw new Error('no disk');
      expect(hashRange(volume)).toBe(run(`sha256sum < ${folder}/back`).slice(0, 64));
    } finally {
      source.close();
      run(`cd ${folder} && rm -f image* back`);
    }
  });
});
