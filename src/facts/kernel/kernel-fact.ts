/** Installed kernels and their modules, what asks for modules at boot, and what stands in the way. */
import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export interface KernelModule {
  /** Canonical: `_` for `-`, no suffix. */
  readonly name: string;
  /** `unlisted`: there, but not in modules.dep.bin, by which libkmod finds modules. */
  readonly state: 'builtin' | 'available' | 'unlisted';
  /** View path of the module file; absent for `builtin`. */
  readonly file?: string;
  /** View paths of the modules it needs; absent where no list tells. */
  readonly dependencies?: readonly string[];
  /** The line that lists it, or the file itself. */
  readonly location: Location;
  /** Why it is not found, in a sentence, and where modules.dep.bin is or would be. Of `unlisted` only. */
  readonly unlisted?: { readonly reason: string; readonly index: Location };
}

export interface InstalledKernel {
  /** `uname -r`. */
  readonly release: string;
  /** Directory of its modules, canonical view path. */
  readonly modulesPath?: string;
  /** By canonical name; from modules.builtin and modules.dep.bin. What only modules.dep has, or without it the directories, is `unlisted`. */
  readonly modules: Table<KernelModule>;
  /** CONFIG_ options from /boot/config-<release>, without the prefix: `y`, `m`, or a value. Absent option = not set. */
  readonly config?: Table<string>;
  readonly configLocation?: Location;
  /** Kernel image found for it. */
  readonly image?: Location;
}

export interface ModuleRequest {
  /** Canonical. */
  readonly name: string;
  /** As written, where that differs. */
  readonly text?: string;
  readonly by: 'modules-load.d' | 'command line' | 'unit';
  readonly location: Location;
}

export interface ModuleBlock {
  readonly name: string;
  /**
   * `blacklist` (modprobe.d, modprobe.blacklist=) stops loading by alias and by systemd-modules-load, not a plain modprobe;
   * `install` a command that does not load it; `command line` module_blacklist=, which the kernel itself enforces.
   */
  readonly kind: 'blacklist' | 'install' | 'command line';
  readonly text: string;
  readonly location: Location;
}

/** `options`, from modprobe.d or as MODULE.OPTION= on the command line. */
export interface ModuleOptions {
  /** Canonical name, or a pattern. */
  readonly name: string;
  readonly text: string;
  readonly location: Location;
}

export interface ModuleSoftDependency {
  readonly name: string;
  /** Modules or aliases, as written. */
  readonly pre: readonly string[];
  readonly post: readonly string[];
  readonly location: Location;
}

/** `weakdep`, since kmod 33: what the module may ask for itself while it runs; modprobe loads none of it. */
export interface ModuleWeakDependency {
  readonly name: string;
  readonly weak: readonly string[];
  readonly location: Location;
}

/** `install` and `remove` commands; the first that matches a module is the one that runs. */
export interface ModuleCommand {
  readonly name: string;
  readonly command: string;
  readonly location: Location;
}

export interface ModuleAlias {
  /** May be a pattern. */
  readonly alias: string;
  readonly name: string;
  readonly location: Location;
}

export interface KernelFact {
  readonly kernels: readonly InstalledKernel[];
  /** In the order systemd-modules-load asks: command line, then files. Repetitions are kept. */
  readonly requests: readonly ModuleRequest[];
  readonly blocks: readonly ModuleBlock[];
  readonly options: readonly ModuleOptions[];
  readonly softdeps: readonly ModuleSoftDependency[];
  readonly weakdeps: readonly ModuleWeakDependency[];
  readonly installs: readonly ModuleCommand[];
  readonly removes: readonly ModuleCommand[];
  readonly aliases: readonly ModuleAlias[];
  /** Configuration files in the order they are read, and those hidden by a file of the same name. */
  readonly files: readonly Location[];
  readonly masked: readonly { readonly file: Location; readonly by: Location }[];
  /** Lines that kmod would ignore with a message. */
  readonly problems: readonly { readonly message: string; readonly location: Location }[];
}
