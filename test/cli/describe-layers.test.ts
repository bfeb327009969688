/** The line of a report that says what is mounted where. */
import { expect, it } from 'vitest';
import { describeLayers } from '../../src/cli/describe-layers.ts';
import { defaultLimits } from '../../src/limits.ts';
import { assembleRoot } from '../../src/root/assemble-root.ts';
import type { OpenedImage } from '../../src/root/open-image.ts';
import { damaged, deviceOf, labelled } from '../root/devices.ts';

it.each([
  ['UUID=ABCD-1234 /boot vfat', 'p2 ext4 "platform", p1 vfat "EFI" at /boot'],
  // Not the root, though it stands in for what is missing.
  ['UUID=gone /boot vfat', 'p2 ext4 "platform", unreadable at /boot'],
  ['PARTLABEL=bad /data ext4', 'p2 ext4 "platform", p3 unreadable at /data'],
])('%s', (line, mounted) => {
  const devices = [
    deviceOf(1, labelled('EFI', 'ABCD-1234', {}, 'vfat')),
    deviceOf(2, labelled('platform', '', { '/etc/os-release': 'ID=debian\n', '/etc/fstab': `${line}\n` })),
    deviceOf(3, damaged, { name: 'bad' }),
  ];
  const { view } = assembleRoot(devices, {}, defaultLimits);
  const image = { view, devices, layer: { kind: 'volume-table', format: 'gpt', children: [] } };
  expect(describeLayers(image as unknown as OpenedImage)).toEqual([`gpt > ${mounted}`]);
});
