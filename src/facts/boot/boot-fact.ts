/** The fact `boot`: what takes part in starting the image, from the partition table to init, each piece with its place. */
import type { Location } from '../../location.ts';
import type { EnvironmentFile } from '../../root/boot-entries/boot-entry.ts';
import type { Partition } from '../../volumes/volume.ts';

/** A partition, or the image itself where it has no partition table. */
export interface BootDevice {
  /** `p2`. */
  readonly name: string;
  /** `p2 "platform"`, for people. */
  readonly title: string;
  readonly location: Location;
  readonly size: number;
  readonly partition?: Partition;
  readonly content: 'filesystem' | 'empty' | 'swap' | 'unreadable';
  /** Of a file system. */
  readonly format?: string;
  /** Also of swap, and of some content that cannot be read. */
  readonly uuid?: string;
  readonly volumeLabel?: string;
}

/** A device as `root=` or a line of fstab names it. */
export interface DeviceReference {
  readonly text: string;
  readonly location: Location;
  /**
   * How it is named: `kernel name` is one such as /dev/sda2, that another bus or another disk changes; `mapped` is made by
   * the running machine; `none` is no block device of this machine (tmpfs, a network share); an `unknown tag` is a word before an
   * equals sign that names no way to find a device.
   */
  readonly by: 'uuid' | 'partuuid' | 'label' | 'partlabel' | 'kernel name' | 'mapped' | 'unknown tag' | 'none';
  /** Name of the device of the image that is meant; absent if it has none such. */
  readonly device?: string;
  /** The identifier as udev and mount spell it, where `text` has other capitals: they find no such device. */
  readonly spelled?: string;
}

/** A program that the firmware of a machine may start. */
export interface FirmwareProgram {
  readonly location: Location;
  /** Lower-case base name: `bootx64.efi`. */
  readonly name: string;
  readonly state: 'read' | 'unreadable';
  /** Why it could not be read, or is no EFI program. */
  readonly reason?: string;
  /** Debian's name, from the PE header. */
  readonly architecture?: string;
  readonly subsystem?: string;
  /** What it is, by the sections it has. */
  readonly program?: 'systemd-boot' | 'grub' | 'shim' | 'unified kernel image';
}

/** A file that the boot entry names. */
export interface EntryFile {
  /** As the entry writes it. */
  readonly text: string;
  /** The line of the entry. */
  readonly named: Location;
  /** Where the loader looks. */
  readonly location: Location;
  /** `elsewhere`: on a device or a store path that no file system of the image answers for. */
  readonly state: 'present' | 'missing' | 'unreadable' | 'elsewhere';
  readonly reason?: string;
  readonly size?: number;
}

export interface KernelFile extends EntryFile {
  /** What its first bytes say it is; `unknown` can still be a kernel of a format that is not read. */
  readonly format?:
    | 'bzImage'
    | 'arm64 Image'
    | 'unified kernel image'
    | 'EFI program'
    | 'ELF'
    | 'compressed'
    | 'unknown';
  /** Debian's name. */
  readonly architecture?: string;
  /** `uname -r`, from its header or a section, else from its name. */
  readonly release?: { readonly text: string; readonly from: 'header' | 'name' };
}

export interface InitrdFile extends EntryFile {
  /** By its first bytes: `cpio`, `gzip`, `zstd` ..., `unknown`. */
  readonly format?: string;
}

export interface FstabMount {
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly location: Location;
  readonly device: DeviceReference;
}

/** What a boot loader offers, without the entries that are not used. */
export interface BootMenuFact {
  readonly loader: string;
  readonly location: Location;
  readonly entries: number;
  /** The device that each entry's `root=` names, empty for an entry that names none of the image. */
  readonly roots: readonly string[];
  /** Files of variables that it loads: GRUB's environment blocks. */
  readonly environments: readonly EnvironmentFile[];
  /** Why the image does not decide what it starts. */
  readonly undecided?: { readonly text: string; readonly location: Location };
}

export interface BootEntryFact {
  readonly loader: string;
  readonly id: string;
  readonly commandLine?: { readonly text: string; readonly location: Location };
  readonly kernel?: KernelFile;
  readonly initrds: readonly InitrdFile[];
  readonly deviceTree?: EntryFile;
  /** `root=`. */
  readonly root?: DeviceReference;
}

export interface BootFact {
  /** `none`: the image has no partition table, it is not a disk. */
  readonly table: Partition['table'] | 'none';
  readonly devices: readonly BootDevice[];
  /** Name of the device that holds the root. */
  readonly root?: string;
  /** Names of the FAT partitions of the ESP type, or of FAT partitions at all on an MBR disk. */
  readonly systemPartitions: readonly string[];
  /** `EFI/BOOT/*.EFI` of those partitions. */
  readonly firmwarePrograms: readonly FirmwareProgram[];
  /** Unified kernel images beside the loader: `EFI/Linux/*.efi`. */
  readonly unifiedKernels: readonly Location[];
  readonly menus: readonly BootMenuFact[];
  /** Places for a root, in an image with more than one. */
  readonly slots?: readonly {
    readonly name: string;
    readonly title: string;
    readonly state: 'chosen' | 'root' | 'empty';
  }[];
  /** The one that boots this root. */
  readonly entry?: BootEntryFact;
  /** Path of the first process: `init=`, else that of the NixOS system, else /sbin/init. */
  readonly init: string;
  readonly fstab: readonly FstabMount[];
}
