/**
 * Stands where files would be that cannot be read: a damaged, encrypted or absent partition at its mount point. Every
 * question about it fails with the reason, so that nothing below the mount point ever reads as absent.
 */
import type { ImageError } from '../errors.ts';
import type { FileSystem, NodeId } from '../filesystems/file-system.ts';

export class UnreadableFileSystem implements FileSystem {
  readonly format = 'unreadable';
  readonly label: string;
  readonly volumeLabel = '';
  readonly uuid = '';
  readonly diagnostics = [];
  readonly root: NodeId = 1;
  readonly error: ImageError;

  constructor(label: string, error: ImageError) {
    this.label = label;
    this.error = error;
  }

  lookup(): never {
    throw this.error;
  }

  list(): never {
    throw this.error;
  }

  stat(): never {
    throw this.error;
  }

  readLink(): never {
    throw this.error;
  }

  open(): never {
    throw this.error;
  }

  xattrs(): never {
    throw this.error;
  }

  close(): void {}
}
