/**
 * Files that are trees themselves: an initrd (cpio, plain or compressed), and the one inside a unified kernel image. Only what has
 * changed is opened.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { asImageError } from '../../errors.ts';
import { cpio } from '../../filesystems/cpio/cpio.ts';
import type { Limits } from '../../limits.ts';
import { RootView } from '../../root/root-view.ts';
import { findPeHeader, openPe } from '../../volumes/pe/pe-file.ts';

export interface OpenedArchive {
  readonly view: RootView;
  close(): void;
}

/** Names that boot files have: anything else that is compressed stays closed. */
const initrdName = /(?:^|\/)(?:initrd|initramfs)[^/]*$/;

/** Undefined if it is no archive, or cannot be opened: then its bytes are compared. */
export async function openArchive(
  source: ByteSource,
  path: string,
  limits: Limits,
): Promise<OpenedArchive | undefined> {
  try {
    const inner = findInitrd(source, path);
    if (!inner) return undefined;
    const { openCpio } = await import('../../filesystems/cpio/open-cpio.ts');
    const fileSystem = await openCpio(inner, { limits });
    return { view: new RootView([{ path: '/', fileSystem }], limits), close: () => fileSystem.close() };
  } catch (thrown) {
    asImageError(thrown);
    return undefined;
  }
}

function findInitrd(source: ByteSource, path: string): ByteSource | undefined {
  if (initrdName.test(path) || cpio.detect(source)) return source;
  if (!path.toLowerCase().endsWith('.efi') || !findPeHeader(source)) return undefined;
  return openPe(source).sections.find(({ name }) => name === '.initrd')?.content;
}
