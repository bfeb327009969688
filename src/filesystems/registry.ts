/** Every file system format, in the order of detection. Adding one is a folder, a line here, and a row in the conformance suite. */
import { btrfs, btrfsMirror } from './btrfs/btrfs.ts';
import { cpio } from './cpio/cpio.ts';
import { erofs } from './erofs/erofs.ts';
import { ext, extBackup } from './ext/ext.ts';
import { fat } from './fat/fat.ts';
import type { FileSystemFormat } from './file-system.ts';
import { iso9660 } from './iso9660/iso9660.ts';
import { oci } from './oci/oci.ts';
import { squashfs } from './squashfs/squashfs.ts';
import { tar } from './tar/tar.ts';
import { ubifs } from './ubifs/ubifs.ts';

export const fileSystemFormats: readonly FileSystemFormat[] = [
  ext,
  iso9660,
  fat,
  squashfs,
  erofs,
  btrfs,
  ubifs,
  cpio,
  oci,
  tar,
  extBackup,
  btrfsMirror,
];
