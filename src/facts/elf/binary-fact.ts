import type { Location } from '../../location.ts';

export interface ElfFact {
  readonly class: 32 | 64;
  readonly endianness: 'little' | 'big';
  /** e_machine, and Debian's name for it (`amd64` for 62, `arm64` for 183), `unknown` otherwise. */
  readonly machine: number;
  readonly architecture: string;
  readonly type: 'relocatable' | 'executable' | 'shared' | 'core' | 'other';
  readonly linkage: 'static' | 'dynamic';
  readonly interpreter?: string;
  readonly needed: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** Hex. */
  readonly buildId?: string;
  /** From .go.buildinfo. */
  readonly go?: {
    readonly version: string;
    readonly path?: string;
    readonly module?: { readonly path: string; readonly version: string };
    /** `-ldflags`, `GOARCH`, ... */
    readonly settings: Readonly<Record<string, string>>;
  };
}

/** What the bytes at a path are, links followed. */
export interface BinaryFact {
  readonly path: string;
  readonly state: 'present' | 'missing' | 'unreadable';
  readonly reason?: string;
  /** `script` has a `#!` line, `html` is what a failed download leaves. */
  readonly kind?: 'elf' | 'script' | 'html' | 'text' | 'empty' | 'data' | 'not-a-file';
  readonly size?: number;
  readonly elf?: ElfFact;
  /** Interpreter line of a script, without `#!`. */
  readonly shebang?: string;
  /** For wrappers (NixOS): the path of the program it finally runs, whose `elf` this fact then holds. */
  readonly wraps?: readonly string[];
  /** The k3s version in it (`v1.32.5+k3s1`), and where it was found. */
  readonly k3sVersion?: {
    readonly text: string;
    readonly from: 'ldflags' | 'module' | 'string';
    readonly location: Location;
  };
  readonly location: Location;
}
