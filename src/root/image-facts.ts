/** What opening an image tells before any file of its root is read, as plain data for the fact readers. */
import type { Diagnostic } from '../diagnostic.ts';
import type { Location } from '../location.ts';
import type { BootEntry, BootMenu } from './boot-entries/boot-entry.ts';
import type { Device } from './layer.ts';
import type { NixosSystem } from './nixos/running-system.ts';
import type { Slot } from './slots.ts';

export interface ImageFacts {
  /** Base name of the image file or folder. */
  readonly label: string;
  /** Kernel command line of the boot entry that will be used, with its place, if one was found. */
  readonly commandLine?: { readonly text: string; readonly location: Location };
  /** Why there may be a boot entry although none was found: damage where boot loaders keep theirs. */
  readonly bootDamage?: readonly Diagnostic[];
  /** What takes part in booting this root, with the file systems to read it from. */
  readonly boot?: BootSetup;
  /** Which system runs on a NixOS root, and who says so. */
  readonly nixos?: NixosSystem;
  /** Files beside the image, by what they are. Text is bounded by limits.textBytes. */
  readonly sideFiles: readonly SideFile[];
}

export interface BootSetup {
  readonly devices: readonly Device[];
  /** The one that holds the root. */
  readonly rootDevice: Device;
  readonly menus: readonly BootMenu[];
  /** Places for a root, in an image with more than one. */
  readonly slots?: readonly Slot[];
  /** The entry that boots this root. */
  readonly entry?: BootEntry;
}

export interface SideFile {
  readonly kind: 'manifest' | 'dpkg-status' | 'spdx' | 'cyclonedx';
  /** Base name of the file. */
  readonly name: string;
  /** Of a bill of materials read when it is asked for: they are large. May throw ImageError. */
  readonly text: string;
}
