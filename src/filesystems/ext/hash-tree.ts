/**
 * Hash trees of large directories (kernel docs, filesystems/ext4: "Hash Tree Directories"): which linear blocks can hold a name.
 * A tree that is not sound in its form is not used, as in the kernel: the caller then reads the whole directory.
 */
import { partitionPoint } from '../../bytes/partition-point.ts';
import { Struct, u8, u32le } from '../../bytes/struct.ts';
import { HASH_COUNTS, NODE_SLOTS, ROOT_SLOTS } from './directory-checksums.ts';
import { hashName } from './name-hash.ts';
import { hasIncompat, type Superblock } from './superblock.ts';

export const HASH_ROOT = {
  reserved_zero: u32le(24),
  hash_version: u8(28),
  info_length: u8(29),
  indirect_levels: u8(30),
  unused_flags: u8(31),
} as const;

/** A slot: what is in `block` has hashes from `hash` on; the low bit says that the block before holds the same hash. */
export const HASH_SLOT = {
  hash: u32le(0),
  block: u32le(4),
} as const;
const SLOT_SIZE = 8;
const CHECKSUM_TAIL = 8;

interface Slots {
  readonly hashes: readonly number[];
  readonly blocks: readonly number[];
}

/** A node on the way down, and the slot taken. */
interface Step {
  readonly slots: Slots;
  at: number;
}

/**
 * Logical numbers of the linear blocks in which `name` is, if it is in the directory. Undefined if the tree cannot be used.
 * `read` gives a verified block of the directory, `blockCount` is how many it has.
 */
export function findHashLeaves(
  name: Uint8Array,
  superblock: Superblock,
  blockCount: number,
  read: (logical: number) => Uint8Array,
): readonly number[] | undefined {
  const first = read(0);
  const info = new Struct(first);
  const levels = info.get(HASH_ROOT.indirect_levels);
  const hasRoot = info.get(HASH_ROOT.reserved_zero) === 0 && info.get(HASH_ROOT.info_length) === 8;
  if (!hasRoot || levels > (hasIncompat(superblock, 'large_dir') ? 2 : 1)) return undefined;
  if ((info.get(HASH_ROOT.unused_flags) & 1) !== 0) return undefined;
  const version = info.get(HASH_ROOT.hash_version);
  const hash = hashName(name, version, superblock.hashSeed, superblock.hashesUnsigned);
  const root = parseSlots(first, ROOT_SLOTS, superblock, blockCount);
  if (hash === undefined || !root) return undefined;

  const node = (block: number): Slots | undefined => parseSlots(read(block), NODE_SLOTS, superblock, blockCount);
  const steps: Step[] = [{ slots: root, at: lastAtMost(root.hashes, hash) }];
  while (steps.length <= levels) {
    const slots = node(target(steps));
    if (!slots) return undefined;
    steps.push({ slots, at: lastAtMost(slots.hashes, hash) });
  }
  const leaves = [target(steps)];
  // A run of equal hashes may go on in the next blocks.
  while (advance(steps)) {
    const step = steps[steps.length - 1] as Step;
    if (((step.slots.hashes[step.at] as number) & ~1) >>> 0 !== hash) break;
    while (steps.length <= levels) {
      const slots = node(target(steps));
      if (!slots) return undefined;
      steps.push({ slots, at: 0 });
    }
    leaves.push(target(steps));
    if (leaves.length > blockCount) return undefined;
  }
  return leaves;
}

/** Leaves the nodes that have no slot after the one taken, and takes the next slot of the one that has. */
function advance(steps: Step[]): boolean {
  for (let step = steps[steps.length - 1]; step; step = steps[steps.length - 1]) {
    step.at++;
    if (step.at < step.slots.blocks.length) return true;
    steps.pop();
  }
  return false;
}

function target(steps: readonly Step[]): number {
  const step = steps[steps.length - 1] as Step;
  return step.slots.blocks[step.at] as number;
}

function parseSlots(block: Uint8Array, start: number, superblock: Superblock, blockCount: number): Slots | undefined {
  const s = new Struct(block);
  const counts = s.at(start);
  const count = counts.get(HASH_COUNTS.count);
  const tail = superblock.checksumSeed === undefined ? 0 : CHECKSUM_TAIL;
  const limit = Math.floor((block.length - start - tail) / SLOT_SIZE);
  if (counts.get(HASH_COUNTS.limit) !== limit || count < 1 || count > limit) return undefined;
  const hashes: number[] = [];
  const blocks: number[] = [];
  for (let i = 0; i < count; i++) {
    const slot = s.at(start + i * SLOT_SIZE);
    // The counts lie where the first slot would have its hash, which is 0 by definition.
    hashes.push(i === 0 ? 0 : slot.get(HASH_SLOT.hash));
    const number = slot.get(HASH_SLOT.block) & 0x0fff_ffff;
    if (number >= blockCount) return undefined;
    blocks.push(number);
  }
  return { hashes, blocks };
}

/** Index of the last of the sorted `hashes` that is at most `wanted`; the first is 0. */
function lastAtMost(hashes: readonly number[], wanted: number): number {
  return partitionPoint(hashes.length, (i) => (hashes[i] as number) <= wanted) - 1;
}
