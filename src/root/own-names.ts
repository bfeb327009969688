/**
 * What a device that is not opened says it is called, so that a line of fstab that names it is understood: swap, XFS, F2FS, LUKS,
 * dm-verity. Offsets as in libblkid. Labels of F2FS (UTF-16) and LUKS are not read.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import { decodeBytes } from '../bytes/names.ts';

export interface OwnNames {
  /** As blkid prints it; empty if it has none. */
  readonly uuid: string;
  readonly volumeLabel: string;
}

interface Place {
  /** 16 bytes, or as many characters as `characters` says. */
  readonly uuid: number;
  readonly characters?: number;
  readonly label?: readonly [offset: number, length: number];
}

/** By the id of the foreign format. */
const places: Readonly<Record<string, Place>> = {
  swap: { uuid: 1024 + 12, label: [1024 + 28, 16] },
  xfs: { uuid: 32, label: [108, 12] },
  f2fs: { uuid: 1024 + 108 },
  luks: { uuid: 168, characters: 40 },
  verity: { uuid: 16 },
};

/** Undefined where the format is not known to have names, or the source ends before them. */
export function readOwnNames(format: string, source: ByteSource): OwnNames | undefined {
  const place = places[format];
  if (!place) return undefined;
  const { uuid: at, characters, label: [labelAt, length] = [0, 0] } = place;
  if (Math.max(at + (characters ?? 16), labelAt + length) > source.size) return undefined;
  const uuid = characters === undefined ? formatUuid(source.read(at, 16)) : textOf(source.read(at, characters));
  return { uuid, volumeLabel: textOf(source.read(labelAt, length)) };
}

function formatUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return /^0+$/.test(hex) ? '' : hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
}
