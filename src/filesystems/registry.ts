/** Every file system format, in the order of detection. Adding one is a folder, a line here, and a row in the conformance suite. */
import { cpio } from './cpio/cpio.ts';
import { erofs } from './erofs/erofs.ts';
import { ext, extBackup } from './ext/ext.ts';
import { fat } from './fat/fat.ts';
import type { FileSystemFormat } from './file-system.ts';
import { squashfs } from './squashfs/squashfs.ts';
import { tar } from './tar/tar.ts';

export const fileSystemFormats: readonly FileSystemFormat[] = [ext, fat, squashfs, erofs, cpio, tar, extBackup];
