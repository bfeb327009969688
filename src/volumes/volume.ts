/**
 * What holds volumes: partition tables, virtual disk formats, boot containers. A format turns one ByteSource into volumes.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Limits } from '../limits.ts';

/** What a partition table says about one partition. */
export interface Partition {
  /** As the kernel numbers it: /dev/sda<number>. */
  readonly number: number;
  readonly table: 'gpt' | 'mbr';
  /** GPT: type GUID, lower case; MBR: the type byte as two hex digits. */
  readonly type: string;
  /** PARTUUID as blkid prints it: GPT unique GUID lower case; MBR `<disk id 8 hex>-<number 2 hex>`. */
  readonly uuid: string;
  /** PARTLABEL, GPT only. */
  readonly name: string;
  /** Bytes from the start of the disk. */
  readonly start: number;
  readonly size: number;
  /** GPT attribute bits as a hex string, MBR: `80` if active. */
  readonly attributes: string;
}

export interface Volume {
  /** Short, unique in its container: `p2`, `.initrd`, `rootfs`. Empty for a container of exactly one thing (qcow2). */
  readonly name: string;
  readonly source: ByteSource;
  readonly partition?: Partition;
  /** False for what is no image by its role (a kernel, a text, a key): it can be read, but nothing is looked for in it. */
  readonly holdsImage?: false;
}

export interface VolumeTable {
  /** Registry id: `gpt`, `mbr`, `qcow2`, ... */
  readonly format: string;
  readonly volumes: readonly Volume[];
  readonly diagnostics: readonly Diagnostic[];
  /** Disk GUID or MBR disk id, where there is one. */
  readonly id?: string;
}

/** A format: told by its bytes, opened from its bytes. One folder or file, one line in `registry.ts`. */
export interface VolumeFormat {
  readonly id: string;
  readonly name: string;
  /** Looked for inside partitions as well, as Linux does it; all others begin where a disk or a file begins. */
  readonly inPartitions?: true;
  /** Looks at a few KiB. Never throws. */
  detect(source: ByteSource): boolean;
  open(source: ByteSource, options: { readonly limits: Limits }): VolumeTable | Promise<VolumeTable>;
}
