/**
 * Files that are trees themselves: an initrd (cpio, plain or compressed), and a unified kernel image, which is a tree of its sections.
 * Only what has changed is opened.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { asImageError } from '../../errors.ts';
import { cpio } from '../../filesystems/cpio/cpio.ts';
import type { FileSystem } from '../../filesystems/file-system.ts';
import { MemoryFileSystem, type MemoryNode } from '../../filesystems/memory.ts';
import type { Limits } from '../../limits.ts';
import { type Location, nestedLabel } from '../../location.ts';
import { RootView } from '../../root/root-view.ts';
import { findPeHeader, openPe } from '../../volumes/pe/pe-file.ts';

export interface OpenedArchive {
  readonly view: RootView;
  /** How a path in the view is written behind the `!` of the archive. */
  readonly nameOf: (path: string) => string;
  /** A place in the view as it is addressed in the image. */
  readonly placeOf: (place: Location) => Location;
  close(): void;
}

/** Names that boot files have, those of NixOS behind a hash: anything else that is compressed stays closed. */
const initrdName = /(?:initrd|initramfs)[^/]*$/;

/** Undefined if it is no archive, or cannot be opened: then its bytes are compared. */
export async function openArchive(
  source: ByteSource,
  path: string,
  limits: Limits,
): Promise<OpenedArchive | undefined> {
  try {
    return openUnifiedKernel(source, path, limits) ?? (await openInitrd(source, path, limits));
  } catch (thrown) {
    asImageError(thrown);
    return undefined;
  }
}

async function openInitrd(source: ByteSource, path: string, limits: Limits): Promise<OpenedArchive | undefined> {
  if (!initrdName.test(path) && !cpio.detect(source)) return undefined;
  const { openCpio } = await import('../../filesystems/cpio/open-cpio.ts');
  const fileSystem = await openCpio(source, { limits });
  if (!isReadWhole(fileSystem)) {
    fileSystem.close();
    return undefined;
  }
  return {
    view: new RootView([{ path: '/', fileSystem }], limits),
    nameOf: (inner) => inner,
    placeOf: (place) => place,
    close: () => fileSystem.close(),
  };
}

/** What is no archive at all opens, too, as an empty one with data behind it; what was not read could differ. */
function isReadWhole({ diagnostics }: FileSystem): boolean {
  return !diagnostics.some(({ level, code }) => level === 'damage' || code === 'cpio/data-after-end');
}

/** Its sections and the signature: what else there is in such a file says where they lie. */
function openUnifiedKernel(source: ByteSource, path: string, limits: Limits): OpenedArchive | undefined {
  if (!path.toLowerCase().endsWith('.efi') || !findPeHeader(source)) return undefined;
  const { sections, signature } = openPe(source);
  if (!sections.some(({ name }) => name === '.linux' || name === '.initrd')) return undefined;
  const tree: Record<string, MemoryNode> = {};
  for (const [i, { name, content }] of sections.entries())
    tree[`/${isPlain(name) ? name : `section ${i}`}`] = { source: content };
  if (signature) tree['/signature'] = { source: source.slice(signature.offset, signature.size, source.label) };
  const fileSystem = new MemoryFileSystem(tree, source.label);
  return {
    view: new RootView([{ path: '/', fileSystem }], limits),
    nameOf: sectionName,
    placeOf: (place) =>
      place.source === source.label && place.path !== undefined
        ? { source: nestedLabel(source.label, sectionName(place.path)) }
        : place,
    close: () => source.close(),
  };
}

const sectionName = (path: string): string => path.slice(1);

/** Whether the name of a section, which can be any bytes, can be that of a file. */
function isPlain(name: string): boolean {
  return /^\.[A-Za-z0-9_]+(?:#\d+)?$/.test(name);
}
