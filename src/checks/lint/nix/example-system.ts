/** A NixOS system for examples: a toplevel, what it refers to, and what Nix registered. */
import type { MemoryTree } from '../../../filesystems/memory.ts';
import type { ImageFacts } from '../../../root/image-facts.ts';

const place = (letter: string, name: string): string => `/nix/store/${letter.repeat(32)}-${name}`;

export const exampleToplevel = place('a', 'nixos-system-node-24.11');
export const exampleUnit = place('b', 'unit-app.service');
export const examplePackage = place('c', 'app-1.0');

/** What opening the image told. */
export const exampleImage: Partial<ImageFacts> = {
  nixos: {
    toplevel: exampleToplevel,
    because: 'the system profile',
    diagnostics: [],
    candidates: [],
    generations: [],
  },
};

const record = (path: string, hash: string, ...references: readonly string[]): string =>
  [path, `sha256:${hash}`, 120, '', references.length, ...references, ''].join('\n');

/** Hashes as `nix-hash --type sha256` prints them of the paths below. */
const hashes = {
  toplevel: 'ac716224d3210dd4e8f442494a4d0af3069186b63a7a86ce91ecde4439f98b58',
  unit: '1430c0c1e815f8cc13a231cd171bd5eeb827d3bb6bbad6835f1dfb4750d94bc0',
  package: 'b09a36a7375aac6fa206fe40968099f22ad46e00456b9ec346705a16852b0ea6',
} as const;

/** The toplevel refers to a unit, and that to a package. */
export const exampleTree: MemoryTree = {
  '/nix-path-registration':
    record(exampleToplevel, hashes.toplevel, exampleUnit) +
    record(exampleUnit, hashes.unit, examplePackage) +
    record(examplePackage, hashes.package),
  [`${exampleToplevel}/system`]: 'x86_64-linux',
  [exampleUnit]: `ExecStart=${examplePackage}/bin/app\n`,
  [`${examplePackage}/bin/app`]: { text: 'app', mode: 0o555 },
};
