/**
 * The set of volume descriptors (ECMA-119, 8; Joliet specification; El Torito 1.0, 2.0): one sector each from sector 16 on, up to
 * the terminator.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { raw, Struct, u8, u16le, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { DESCRIPTORS_OFFSET, SECTOR, STANDARD_ID } from './sectors.ts';

export const DESCRIPTOR = {
  type: u8(0),
  id: raw(1, 5),
  version: u8(6),
  volume_id: raw(40, 32),
  volume_space_size: u32le(80),
  escape_sequences: raw(88, 32),
  logical_block_size: u16le(128),
  root_directory_record: raw(156, 34),
  creation_date: raw(813, 17),
  modification_date: raw(830, 17),
} as const;
/** Byte offset of the root's record in its descriptor, and in the record of its extent. */
export const ROOT_EXTENT = u32le(156 + 2);

/** Of a boot record. */
export const BOOT_RECORD = { boot_system_id: raw(7, 32), catalog: u32le(71) } as const;

const TYPE = { boot: 0, primary: 1, supplementary: 2, terminator: 255 } as const;
const EL_TORITO = 'EL TORITO SPECIFICATION';
/** The three levels of UCS-2: what makes a supplementary descriptor one of Joliet. */
const JOLIET_ESCAPES = ['%/@', '%/C', '%/E'];
/** More than any image has. */
const MAX_DESCRIPTORS = 64;

export interface Volume {
  readonly volumeId: string;
  readonly blockSize: number;
  /** Bytes of the volume. */
  readonly size: number;
  /** Byte offset of the root directory. */
  readonly root: number;
  /** As blkid forms it from the time of the last change: `2023-11-14-22-13-20-00`; empty if there is none. */
  readonly uuid: string;
}

export interface VolumeDescriptors {
  readonly primary: Volume;
  readonly joliet: Volume | undefined;
  /** Byte offset of El Torito's boot catalog. */
  readonly bootCatalog: number | undefined;
}

/** ImageError `truncated` or `corrupt`. */
export function readVolumeDescriptors(source: ByteSource): VolumeDescriptors {
  let primary: Volume | undefined;
  let joliet: Volume | undefined;
  let bootCatalog: number | undefined;
  for (let index = 0; index < MAX_DESCRIPTORS; index++) {
    const offset = DESCRIPTORS_OFFSET + index * SECTOR;
    const s = new Struct(source.read(offset, SECTOR));
    const type = s.get(DESCRIPTOR.type);
    if (type === TYPE.terminator || latin1(s.bytes(DESCRIPTOR.id)) !== STANDARD_ID) break;
    if (type === TYPE.primary) primary ??= parseVolume(source, s, offset, decodeBytes);
    else if (type === TYPE.supplementary && isJoliet(s)) joliet ??= parseVolume(source, s, offset, decodeUcs2);
    else if (type === TYPE.boot && latin1(s.bytes(BOOT_RECORD.boot_system_id)).startsWith(EL_TORITO)) {
      bootCatalog ??= s.get(BOOT_RECORD.catalog) * SECTOR;
    }
  }
  if (primary) return { primary, joliet, bootCatalog };
  throw new ImageError('corrupt', 'iso9660/no-descriptor', 'there is no primary volume descriptor', {
    location: { source: source.label, offset: DESCRIPTORS_OFFSET },
  });
}

function parseVolume(source: ByteSource, s: Struct, offset: number, decode: (bytes: Uint8Array) => string): Volume {
  const blockSize = s.get(DESCRIPTOR.logical_block_size);
  if (blockSize !== 512 && blockSize !== 1024 && blockSize !== SECTOR) {
    throw new ImageError('corrupt', 'iso9660/bad-descriptor', `the logical block size is ${blockSize} bytes`, {
      location: { source: source.label, offset },
    });
  }
  const size = s.get(DESCRIPTOR.volume_space_size) * blockSize;
  if (size > source.size) {
    throw new ImageError(
      'truncated',
      'iso9660/truncated',
      `the ISO 9660 volume has ${size} bytes, but ${source.label} ends at byte ${source.size}`,
      {
        location: { source: source.label, offset: source.size },
        remedy: 'the image is cut off: copy or build it again',
      },
    );
  }
  return {
    volumeId: decode(s.bytes(DESCRIPTOR.volume_id)).replace(/[ \0]+$/, ''),
    blockSize,
    size,
    root: s.get(ROOT_EXTENT) * blockSize,
    uuid:
      formatUuid(latin1(s.bytes(DESCRIPTOR.modification_date))) ||
      formatUuid(latin1(s.bytes(DESCRIPTOR.creation_date))),
  };
}

function isJoliet(s: Struct): boolean {
  return JOLIET_ESCAPES.includes(latin1(s.bytes(DESCRIPTOR.escape_sequences)).slice(0, 3));
}

/** Sixteen digits of a date, in pairs but for the year; empty if they are no digits or all zero. */
function formatUuid(date: string): string {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(date);
  return digits && !/^0+$/.test(digits[0]) ? digits.slice(1).join('-') : '';
}

/** Big-endian UCS-2; surrogates pass as they are. */
export function decodeUcs2(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode(((bytes[at] as number) << 8) | (bytes[at + 1] as number));
  }
  return text;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
