/** Places for boot loaders in tests. */
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import type { BootPlace } from '../../../src/root/boot-entries/boot-entry.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { deviceOf, labelled } from '../devices.ts';

/** Partition `number` of `disk.wic`, labelled `fs<number>`, with UUID `uuid-<number>`. */
export function placeOf(kind: BootPlace['kind'], number: number, tree: MemoryTree): BootPlace {
  const fileSystem = labelled(`fs${number}`, `uuid-${number}`, tree, kind === 'root' ? 'ext4' : 'vfat');
  const device = deviceOf(number, fileSystem);
  return { kind, device, view: new RootView([{ path: '/', fileSystem }], defaultLimits) };
}
