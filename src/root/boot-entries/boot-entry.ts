/** What a boot loader offers, with the place of every line, and what each loader's reader gets and gives. */
import type { Diagnostic } from '../../diagnostic.ts';
import type { Location } from '../../location.ts';
import type { Device } from '../layer.ts';
import type { RootView } from '../root-view.ts';

export interface BootLine {
  readonly text: string;
  readonly location: Location;
  /** Of a path: the section of that PE file which is meant. */
  readonly section?: string;
}

export interface BootEntry {
  readonly loader: string;
  /** How the loader names it: the entry's file, the label, the menu path `0>1`. */
  readonly id: string;
  readonly title?: BootLine;
  /** Path of the kernel (or of the EFI program that is one), on the file system labelled `source`. */
  readonly linux?: BootLine;
  readonly initrd: readonly BootLine[];
  readonly deviceTree?: BootLine;
  /** The kernel command line, in one piece; the place is its first line. */
  readonly options?: BootLine;
  /** Label of the file system its paths lie on. */
  readonly source: string;
}

/** A block of variables that a configuration loads. */
export interface EnvironmentFile {
  /** The line that loads it. */
  readonly named: Location;
  /** Where the loader looks. */
  readonly location: Location;
  readonly state: 'present' | 'missing' | 'invalid';
}

export interface BootMenu {
  readonly loader: string;
  /** The file that says what is the default, or the first entry's. */
  readonly location: Location;
  /** In the order of the menu. */
  readonly entries: readonly BootEntry[];
  /** What boots when nobody chooses; absent if there is no entry. */
  readonly default?: BootEntry;
  /** Files of variables that its configuration loads: GRUB's environment blocks. */
  readonly environments?: readonly EnvironmentFile[];
  /** Set if the image does not decide what boots: a value that only the running loader knows. */
  readonly undecided?: BootLine;
  readonly diagnostics: readonly Diagnostic[];
}

/** A file system that may hold a loader's files, alone in its view. */
export interface BootPlace {
  /**
   * `esp`: what UEFI firmware reads, a FAT partition. `boot`: another file system with a loader's files, a separate /boot or a
   * CD. `root`: a root file system, searched for `/boot`.
   */
  readonly kind: 'esp' | 'xbootldr' | 'boot' | 'root';
  readonly device: Device;
  readonly view: RootView;
}

/** Whether UEFI firmware and its loaders read this place. */
export function isEfiPlace({ kind }: BootPlace): boolean {
  return kind === 'esp' || kind === 'xbootldr';
}

export interface BootLoader {
  readonly id: string;
  /** The menu, if this loader's files are in one of `places` (the ESP first). Damage is thrown. */
  read(places: readonly BootPlace[]): BootMenu | undefined;
}
