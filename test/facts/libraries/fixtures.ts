/** The committed tree of programs and libraries, and what the linkers loaded in it (test/fixtures/libraries/make.sh). */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import type { FileSystem } from '../../../src/filesystems/file-system.ts';
import { TarFileSystem } from '../../../src/filesystems/tar/tar-file-system.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

export interface RecordedProgram {
  /** LD_LIBRARY_PATH it was run with. */
  readonly libraryPath?: string;
  readonly libraries: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly errors: readonly string[];
}

const folder = new URL('../../fixtures/libraries/', import.meta.url);

export const recordedPrograms: Readonly<Record<string, RecordedProgram>> = JSON.parse(
  readFileSync(new URL('oracle.json', folder), 'utf8'),
);

const archive = gunzipSync(readFileSync(new URL('tree.tar.gz', folder)));
const fileSystem = new TarFileSystem(new MemorySource(Uint8Array.from(archive), 'tree.tar'), defaultLimits);

/** Facts of an image whose root is that file system. */
export function factsOf(root: FileSystem): FactStore {
  return new FactStore(viewOf(root), { label: 'image', sideFiles: [] });
}

export const fixtureFacts = (): FactStore => factsOf(fileSystem);

/** A fresh copy of a file of the tree. */
export function fixtureFile(path: string): Uint8Array {
  return Uint8Array.from(viewOf(fileSystem).readBytes(path) ?? []);
}

function viewOf(root: FileSystem): RootView {
  return new RootView([{ path: '/', fileSystem: root }], defaultLimits);
}
