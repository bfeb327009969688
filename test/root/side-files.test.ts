import { expect, it } from 'vitest';
import { parseBaseName } from '../../src/root/side-files.ts';

it.each([
  ['n3x-image-server-debian-trixie-qemuamd64.wic.zst', 'n3x-image-server-debian-trixie-qemuamd64'],
  ['isar-image-base-debian-bookworm-qemuamd64.ext4.img', 'isar-image-base-debian-bookworm-qemuamd64'],
  ['base-v1.2.tar.gz', 'base-v1.2'],
  ['qemuamd64.wic', 'qemuamd64'],
  ['node.wic.p2', 'node'],
  ['plain', 'plain'],
  ['.wic', '.wic'],
  ['rootfs', 'rootfs'],
])('the base of %s is %s', (name, base) => {
  expect(parseBaseName(name)).toBe(base);
});
