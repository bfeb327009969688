import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export interface KernelModule {
  /** Canonical: `_` for `-`, no suffix. */
  readonly name: string;
  readonly state: 'builtin' | 'available';
  readonly location: Location;
}

export interface InstalledKernel {
  /** `uname -r`. */
  readonly release: string;
  /** Directory of its modules, canonical view path. */
  readonly modulesPath?: string;
  /** By canonical name; from modules.builtin and modules.dep (falling back to a walk over *.ko*). */
  readonly modules: Table<KernelModule>;
  /** CONFIG_ options from /boot/config-<release>, without the prefix: `y`, `m`, or a value. Absent option = not set. */
  readonly config?: Table<string>;
  readonly configLocation?: Location;
  /** Kernel image found for it. */
  readonly image?: Location;
}

export interface ModuleRequest {
  readonly name: string;
  readonly by: 'modules-load.d' | 'command line' | 'unit';
  readonly location: Location;
}

export interface ModuleBlock {
  readonly name: string;
  /** `blacklist` stops alias loading only, `install` a command that does not load it, `command line` module_blacklist=. */
  readonly kind: 'blacklist' | 'install' | 'command line';
  readonly text: string;
  readonly location: Location;
}

export interface KernelFact {
  readonly kernels: readonly InstalledKernel[];
  readonly requests: readonly ModuleRequest[];
  readonly blocks: readonly ModuleBlock[];
}
