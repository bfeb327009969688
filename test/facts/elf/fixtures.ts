/** The committed ELF files and what readelf, file and go said of them (test/fixtures/elf/make.sh). */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface RecordedElf {
  readonly class: string;
  readonly data: 'little' | 'big';
  readonly type: 'REL' | 'EXEC' | 'DYN';
  readonly machine: number;
  readonly linkage?: 'dynamically' | 'statically' | 'static-pie';
  readonly interpreter?: string;
  readonly needed: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  readonly buildId?: string;
  /** `name offset size`, and `offset size`. */
  readonly sections: readonly string[];
  readonly segments: readonly string[];
  /** Lines of `go version -m`, the first being the version. */
  readonly go?: readonly string[];
}

const folder = new URL('../../fixtures/elf/', import.meta.url);

export const recordedElfs: Readonly<Record<string, RecordedElf>> = JSON.parse(
  readFileSync(new URL('oracle.json', folder), 'utf8'),
);

/** A fresh copy of a fixture's bytes. */
export function elfBytes(name: string): Uint8Array {
  return Uint8Array.from(gunzipSync(readFileSync(new URL(`${name}.elf.gz`, folder))));
}
