/** The places for a root in an image with two of them (A/B updates), for reports and for `--slot`. */
import { asImageError } from '../errors.ts';
import type { FileSystem } from '../filesystems/file-system.ts';
import { describeDevice, type RootCandidate } from './choose-root.ts';
import type { Device } from './layer.ts';

export interface Slot {
  /** What `--slot` takes: `p3`. */
  readonly name: string;
  /** `p3 "APP_b"`. */
  readonly title: string;
  readonly state: 'chosen' | 'root' | 'empty';
}

/**
 * Every root, and every partition of the chosen one's type and about its size that holds nothing yet. Empty if the image
 * has one root and no such place.
 */
export function findSlots(
  chosen: Device,
  candidates: readonly RootCandidate[],
  devices: readonly Device[],
): readonly Slot[] {
  const slots = devices.flatMap((device): Slot[] => {
    const slot = { name: device.name, title: describeDevice(device) };
    if (device === chosen) return [{ ...slot, state: 'chosen' }];
    if (candidates.some((candidate) => candidate.device === device)) return [{ ...slot, state: 'root' }];
    return isEmptySlot(device, chosen) ? [{ ...slot, state: 'empty' }] : [];
  });
  return slots.length > 1 ? slots : [];
}

function isEmptySlot({ partition, size, content }: Device, chosen: Device): boolean {
  if (!partition || partition.type !== chosen.partition?.type || size < chosen.size / 2) return false;
  if (content.state === 'empty') return true;
  return content.state === 'filesystem' && isFresh(content.fileSystem);
}

/** A file system as mkfs leaves it. */
function isFresh(fileSystem: FileSystem): boolean {
  try {
    return fileSystem.list(fileSystem.root).every(({ name }) => name === 'lost+found');
  } catch (thrown) {
    asImageError(thrown);
    return false;
  }
}
