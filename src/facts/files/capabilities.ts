/**
 * File capabilities: the extended attribute `security.capability`, revisions 1 to 3 (linux/capability.h, vfs_cap_data), and the
 * text getcap(8) prints for it (libcap's cap_to_text: the prevailing flags first, then what differs).
 */
import { Struct, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { capabilityNames } from '../../filesystems/file-capabilities.ts';

export interface FileCapabilities {
  /** Bit sets. */
  readonly permitted: bigint;
  readonly inheritable: bigint;
  /** One bit for the whole file: what is gained is effective at once. */
  readonly effective: boolean;
  /** Owner of the user namespace they count in (revision 3); 0 is the machine itself. */
  readonly rootId: number;
}

const revisions: Readonly<Record<number, { readonly words: number; readonly size: number }>> = {
  1: { words: 1, size: 12 },
  2: { words: 2, size: 20 },
  3: { words: 2, size: 24 },
};
const EFFECTIVE = 1;

/** Decodes the attribute; ImageError `corrupt` if its size and revision disagree. */
export function parseCapabilities(bytes: Uint8Array): FileCapabilities {
  const data = new Struct(bytes);
  const magic = data.get(u32le(0));
  const revision = revisions[magic >>> 24];
  if (!revision || bytes.length !== revision.size) {
    throw new ImageError(
      'corrupt',
      'capabilities/bad-attribute',
      `a security.capability of ${bytes.length} bytes with revision ${magic >>> 24} makes no sense`,
    );
  }
  let permitted = 0n;
  let inheritable = 0n;
  for (let word = 0; word < revision.words; word++) {
    permitted |= BigInt(data.get(u32le(4 + word * 8))) << BigInt(word * 32);
    inheritable |= BigInt(data.get(u32le(8 + word * 8))) << BigInt(word * 32);
  }
  const rootId = revision.size === 24 ? data.get(u32le(20)) : 0;
  return { permitted, inheritable, effective: (magic & EFFECTIVE) !== 0, rootId };
}

/** Flags of one capability as bits, in the order libcap sorts by. */
const flagBits = [
  { letter: 'e', bit: 1 },
  { letter: 'i', bit: 4 },
  { letter: 'p', bit: 2 },
] as const;
const COMBINATIONS = 8;

/** As `getcap -n` prints them after the path: `cap_net_raw=ep`. */
export function formatCapabilities(capabilities: FileCapabilities): string {
  const byFlags: string[][] = Array.from({ length: COMBINATIONS }, () => []);
  for (const [bit, name] of capabilityNames.entries()) byFlags[flagsOf(capabilities, bit)]?.push(name);
  let prevailing = COMBINATIONS - 1;
  for (let flags = COMBINATIONS - 2; flags >= 0; flags--)
    if ((byFlags[flags]?.length ?? 0) >= (byFlags[prevailing]?.length ?? 0)) prevailing = flags;
  const groups: string[] = prevailing === 0 ? [] : [`=${formatFlags(prevailing)}`];
  for (let flags = COMBINATIONS - 1; flags >= 0; flags--) {
    const members = byFlags[flags] ?? [];
    if (flags === prevailing || members.length === 0) continue;
    groups.push(members.join(',') + formatChange(prevailing, flags, groups.length === 0));
  }
  for (let bit = capabilityNames.length; bit < 64; bit++) {
    const flags = flagsOf(capabilities, bit);
    if (flags !== 0) groups.push(`${bit}${formatChange(0, flags, groups.length === 0)}`);
  }
  const text = groups.length === 0 ? '=' : groups.join(' ');
  return capabilities.rootId === 0 ? text : `${text} [rootid=${capabilities.rootId}]`;
}

function formatChange(from: number, to: number, isFirst: boolean): string {
  const added = to & ~from;
  const removed = from & ~to;
  const sign = isFirst ? '=' : '+';
  return (added === 0 ? '' : sign + formatFlags(added)) + (removed === 0 ? '' : `-${formatFlags(removed)}`);
}

function flagsOf({ permitted, inheritable, effective }: FileCapabilities, bit: number): number {
  const isPermitted = ((permitted >> BigInt(bit)) & 1n) === 1n;
  const isInheritable = ((inheritable >> BigInt(bit)) & 1n) === 1n;
  const isEffective = effective && (isPermitted || isInheritable);
  return (isEffective ? 1 : 0) | (isPermitted ? 2 : 0) | (isInheritable ? 4 : 0);
}

function formatFlags(flags: number): string {
  return flagBits.map(({ letter, bit }) => (flags & bit ? letter : '')).join('');
}
