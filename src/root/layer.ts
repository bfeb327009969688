/**
 * What an image is made of, from the outside in, and the devices found inside: what the kernel would see as block devices.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { ImageError } from '../errors.ts';
import type { FileSystem } from '../filesystems/file-system.ts';
import type { Partition } from '../volumes/volume.ts';
import type { OwnNames } from './own-names.ts';

/** One layer, plain JSON, for `inspect` and reports. */
export interface Layer {
  readonly kind: 'codec' | 'volume-table' | 'partition' | 'filesystem' | 'unknown';
  /**
   * Registry id of the format (`zstd`, `gpt`, `ext4`); of a partition or another volume its name (`p2`, `.initrd`); of
   * content that is not opened what it is by its magic (`swap`, `luks`, `xfs`), `empty` if it holds zeros, `data` if it is
   * no image by its role (a section of a kernel image), else `unknown`.
   */
  readonly format: string;
  /** Source label: `disk.wic!p2`. */
  readonly label: string;
  /** Bytes of the source; 0 for a folder. */
  readonly size: number;
  readonly children: readonly Layer[];
  readonly diagnostics: readonly Diagnostic[];
  readonly partition?: Partition;
  /** Of a file system. */
  readonly volumeLabel?: string;
  /** UUID of a file system, id of a partition table. */
  readonly uuid?: string;
  /** Why the content could not be opened. */
  readonly problem?: string;
}

/** What a device holds. Only `unreadable` hides files: everything below its mount point is then unknown. */
export type Content =
  | { readonly state: 'filesystem'; readonly fileSystem: FileSystem }
  /** Nothing to mount: zeros, or swap. */
  | { readonly state: 'empty' }
  | { readonly state: 'swap'; readonly names?: OwnNames }
  | { readonly state: 'unreadable'; readonly error: ImageError; readonly names?: OwnNames };

/** A partition, or the whole image where it has no partition table. */
export interface Device {
  /** `p2`, or the image's label. */
  readonly name: string;
  readonly label: string;
  readonly size: number;
  readonly partition?: Partition;
  /** Its bytes, as far as they are in the image. */
  readonly source?: ByteSource;
  readonly content: Content;
}
