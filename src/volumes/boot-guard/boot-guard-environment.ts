/**
 * The environment of EFI Boot Guard, `BGENV.DAT` (include/envdata.h, env/uservars.c of efibootguard, 0.9 and later): which kernel a
 * boot partition starts, with which arguments, and where an update stands. Little-endian, packed, sealed by a CRC-32.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { crc32 } from '../../bytes/checksums/crc32.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { type BytesField, raw, Struct, u8, u16le, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const bootGuardFields = {
  kernelfile: raw(0, 510),
  kernelparams: raw(510, 510),
  in_progress: u8(1020),
  ustate: u8(1021),
  watchdog_timeout_sec: u16le(1022),
  revision: u32le(1024),
  userdata: raw(1028, 131_072),
  crc32: u32le(132_100),
} as const;

const ENVIRONMENT_BYTES = 132_104;
/** Of a user variable, behind its name: length of all that follows, itself included; type. */
const variable = { size: u32le(0), type: u32le(4) } as const;
const VARIABLE_HEAD = 12;
/** Types (include/uservars.h): the low half tells the representation. */
const STRING = 1 << 5;

const updateStates = ['ok', 'installed', 'testing', 'failed', 'unknown'] as const;

export interface BootGuardEnvironment {
  /** `C:BOOT0:linux.efi`: the partition's label and the file. */
  readonly kernel: string;
  readonly kernelArguments: string;
  /** An update is being written. */
  readonly isInProgress: boolean;
  readonly updateState: (typeof updateStates)[number];
  readonly watchdogSeconds: number;
  /** The partition with the highest one boots. */
  readonly revision: number;
  /** Text alone; others are left out. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Reads a whole `BGENV.DAT`; ImageError `truncated` or, if its checksum does not match, `corrupt`. */
export function readBootGuardEnvironment(source: ByteSource): BootGuardEnvironment {
  const location = { source: source.label };
  if (source.size < ENVIRONMENT_BYTES) {
    const message = `the environment has ${source.size} bytes, ${ENVIRONMENT_BYTES} are needed`;
    throw new ImageError('truncated', 'boot-guard/truncated', message, { location });
  }
  const bytes = Uint8Array.from(source.read(0, ENVIRONMENT_BYTES));
  const fields = new Struct(bytes);
  if (crc32(bytes.subarray(0, bootGuardFields.crc32.offset)) !== fields.get(bootGuardFields.crc32)) {
    const message = 'the checksum of the environment does not match: EFI Boot Guard ignores it';
    throw new ImageError('corrupt', 'boot-guard/bad-checksum', message, { location });
  }
  return {
    kernel: readText(fields, bootGuardFields.kernelfile),
    kernelArguments: readText(fields, bootGuardFields.kernelparams),
    isInProgress: fields.get(bootGuardFields.in_progress) !== 0,
    updateState: updateStates[fields.get(bootGuardFields.ustate)] ?? 'unknown',
    watchdogSeconds: fields.get(bootGuardFields.watchdog_timeout_sec),
    revision: fields.get(bootGuardFields.revision),
    variables: readVariables(fields.bytes(bootGuardFields.userdata)),
  };
}

/** UTF-16 up to its NUL. */
function readText(fields: Struct, field: BytesField): string {
  const text = new TextDecoder('utf-16le').decode(fields.bytes(field));
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** They stand side by side up to an empty name; one that leaves the area ends them, as in efibootguard. */
function readVariables(area: Uint8Array): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < area.length && area[at] !== 0; ) {
    const nameEnd = area.indexOf(0, at);
    const head = nameEnd + 1;
    if (nameEnd < 0 || head + VARIABLE_HEAD > area.length) break;
    const fields = new Struct(area, head);
    const size = fields.get(variable.size);
    if (size < VARIABLE_HEAD || head + size > area.length) break;
    const value = area.subarray(head + VARIABLE_HEAD, head + size);
    const end = value.indexOf(0);
    if ((fields.get(variable.type) & STRING) !== 0) {
      found.set(decodeBytes(area.subarray(at, nameEnd)), decodeBytes(end < 0 ? value : value.subarray(0, end)));
    }
    at = head + size;
  }
  return found;
}
