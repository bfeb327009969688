/**
 * Content that check-image recognises by its magic and does not open, so that it can be named instead of called unknown.
 * Numbers and offsets as in file(1) and libblkid; order matters only where two rows could match one source.
 */
import type { ByteSource } from '../bytes/byte-source.ts';

export interface ForeignFormat {
  /** Short and stable; a registry's id wherever a registry may open it one day. */
  readonly id: string;
  /** With its article, for sentences: `an XFS file system`. */
  readonly name: string;
  /** `encrypted`: the key is not in the image. `swap`: nothing to read. `integrity`: about the content of another volume. */
  readonly kind: 'filesystem' | 'encrypted' | 'volume' | 'swap' | 'integrity' | 'other';
  readonly magic: readonly { readonly offset: number; readonly bytes: string }[];
}

const KiB = 1024;
/** mkswap puts its mark at the end of the first page, whose size is the target machine's. */
const swapPages = [4 * KiB, 8 * KiB, 16 * KiB, 64 * KiB];

const foreignFormats: readonly ForeignFormat[] = [
  row('swap', 'swap space', 'swap', ...swapPages.map((page) => [page - 10, 'SWAPSPACE2'] as const)),
  row('luks', 'a LUKS-encrypted volume', 'encrypted', [0, 'LUKS\xba\xbe']),
  row('bitlocker', 'a BitLocker-encrypted volume', 'encrypted', [3, '-FVE-FS-']),
  row('mdraid', 'a member of a RAID array', 'volume', [4096, '\xfc\x4e\x2b\xa9'], [0, '\xfc\x4e\x2b\xa9']),
  row('integrity', 'a dm-integrity volume', 'volume', [0, 'integrt\0']),
  row('verity', 'a dm-verity hash tree', 'integrity', [0, 'verity\0\0']),
  row('verity-signature', 'the signature of a dm-verity hash tree', 'integrity', [0, '{"rootHash":"']),
  row('xfs', 'an XFS file system', 'filesystem', [0, 'XFSB']),
  row('f2fs', 'an F2FS file system', 'filesystem', [1024, '\x10\x20\xf5\xf2']),
  row('zfs', 'a ZFS pool', 'filesystem', [128 * KiB, '\x0c\xb1\xba\0\0\0\0\0'], [132 * KiB, '\x0c\xb1\xba\0\0\0\0\0']),
  row('bcache', 'a bcache device', 'volume', [
    4096 + 24,
    '\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81',
  ]),
  row('bcachefs', 'a bcachefs file system', 'filesystem', [
    4096 + 24,
    '\xc6\x85\x73\xf6\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef',
  ]),
  row('ntfs', 'an NTFS file system', 'filesystem', [3, 'NTFS    ']),
  row('exfat', 'an exFAT file system', 'filesystem', [3, 'EXFAT   ']),
  row('squashfs', 'a SquashFS file system', 'filesystem', [0, 'hsqs'], [0, 'sqsh']),
  row('erofs', 'an EROFS file system', 'filesystem', [1024, '\xe2\xe1\xf5\xe0']),
  row('iso9660', 'an ISO 9660 file system', 'filesystem', [32 * KiB + 1, 'CD001']),
  row('jffs2', 'a JFFS2 file system', 'filesystem', [0, '\x85\x19'], [0, '\x19\x85']),
  row('cramfs', 'a cramfs file system', 'filesystem', [0, '\x45\x3d\xcd\x28']),
  row('romfs', 'a romfs file system', 'filesystem', [0, '-rom1fs-']),
  row('hfsplus', 'an HFS+ file system', 'filesystem', [1024, 'H+\0']),
  row('jfs', 'a JFS file system', 'filesystem', [32 * KiB, 'JFS1']),
  row('nilfs2', 'a NILFS2 file system', 'filesystem', [1024 + 6, '\x34\x34']),
  row('reiserfs', 'a ReiserFS file system', 'filesystem', [64 * KiB + 52, 'ReIsEr']),
  row('cpio', 'a cpio archive', 'filesystem', [0, '07070'], [0, '\xc7\x71']),
  row('qcow2', 'a qcow2 disk', 'volume', [0, 'QFI\xfb']),
  row('vmdk', 'a VMDK disk', 'volume', [0, 'KDMV'], [0, '# Disk DescriptorFile']),
  row('vhdx', 'a VHDX disk', 'volume', [0, 'vhdxfile']),
  row('vhd', 'a VHD disk', 'volume', [0, 'conectix']),
  row('vdi', 'a VDI disk', 'volume', [64, '\x7f\x10\xda\xbe']),
  row('android-sparse', 'an Android sparse image', 'volume', [0, '\x3a\xff\x26\xed']),
  row('fit', 'a flattened image tree (FIT) or device tree', 'volume', [0, '\xd0\x0d\xfe\xed']),
  row('uimage', 'a legacy U-Boot image', 'volume', [0, '\x27\x05\x19\x56']),
  row('lz4', 'lz4-compressed data', 'volume', [0, '\x04\x22\x4d\x18'], [0, '\x02\x21\x4c\x18']),
  row('lzop', 'lzop-compressed data', 'volume', [0, '\x89LZO\0\r\n\x1a\n']),
  row('bzip2', 'bzip2-compressed data', 'volume', [0, 'BZh']),
  row('zchunk', 'a zchunk file', 'volume', [0, '\0ZCK1'], [0, '\0ZHR1']),
  row('7z', 'a 7-Zip archive', 'other', [0, '7z\xbc\xaf\x27\x1c']),
  row('zip', 'a ZIP archive', 'other', [0, 'PK\x03\x04']),
  row('elf', 'an ELF program', 'other', [0, '\x7fELF']),
  row('pe', 'a PE (EFI or Windows) program', 'other', [0, 'MZ']),
  row('ar', 'an ar archive (a Debian package or a library)', 'other', [0, '!<arch>\n']),
  row('rpm', 'an RPM package', 'other', [0, '\xed\xab\xee\xdb']),
  row('pdf', 'a PDF document', 'other', [0, '%PDF-']),
];

/** What foreign format the source's magic names, if any. Never throws. */
export function detectForeign(source: ByteSource): ForeignFormat | undefined {
  return foreignFormats.find(({ magic }) => magic.some(({ offset, bytes }) => hasBytes(source, offset, bytes)));
}

function hasBytes(source: ByteSource, offset: number, bytes: string): boolean {
  if (offset + bytes.length > source.size) return false;
  const found = source.read(offset, bytes.length);
  for (let i = 0; i < bytes.length; i++) if (found[i] !== bytes.charCodeAt(i)) return false;
  return true;
}

/** `bytes`: one character for each byte. */
function row(
  id: string,
  name: string,
  kind: ForeignFormat['kind'],
  ...magic: readonly (readonly [offset: number, bytes: string])[]
): ForeignFormat {
  return { id, name, kind, magic: magic.map(([offset, bytes]) => ({ offset, bytes })) };
}
