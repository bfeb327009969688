/**
 * Files that an ISAR build leaves beside the image: `<base>.manifest`, `<base>.wic.manifest`, `<base>.dpkg_status`, bills of
 * materials as `<base>.spdx.json` and `<base>.cdx.json`. The base is the image's name without its type and compression suffixes, in any chain (`.wic.zst`, `.ext4.img`, `.tar.gz`).
 */
import { basename, dirname, join } from 'node:path';
import { hasSideFile, readSideFile } from '../bytes/host-folder.ts';
import { decodeBytes } from '../bytes/names.ts';
import { type Diagnostic, damageFrom } from '../diagnostic.ts';
import { asImageError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { SideFile } from './image-facts.ts';

const suffix =
  /\.(?:gz|xz|zst|zck|bz2|lz4|lzo|img|wic|raw|bin|ext[234]|btrfs|squashfs|erofs|verity|ubi|ubifs|fit|iso|tar|tgz|txz|cpio|ddi|ova|qcow2|vmdk|vdi|vhdx?|oci-archive|docker-archive|rootfs|p\d{1,2})$/;

const sideNames: readonly { readonly ending: string; readonly kind: SideFile['kind'] }[] = [
  { ending: '.manifest', kind: 'manifest' },
  { ending: '.wic.manifest', kind: 'manifest' },
  { ending: '.dpkg_status', kind: 'dpkg-status' },
];

const largeNames: typeof sideNames = [
  { ending: '.spdx.json', kind: 'spdx' },
  { ending: '.wic.spdx.json', kind: 'spdx' },
  { ending: '.cdx.json', kind: 'cyclonedx' },
  { ending: '.wic.cdx.json', kind: 'cyclonedx' },
];
const LARGE_BYTES = 128 * 1024 * 1024;

/** Name of the image without its suffixes; a name that is nothing but suffixes stays. */
export function parseBaseName(name: string): string {
  let base = name;
  for (;;) {
    const shorter = base.replace(suffix, '');
    if (shorter === base || shorter === '') return base;
    base = shorter;
  }
}

/** Reads the side files of the image at the host path `imagePath`. One that cannot be read becomes a diagnostic. */
export function readSideFiles(
  imagePath: string,
  limits: Limits,
): { files: readonly SideFile[]; diagnostics: readonly Diagnostic[] } {
  const files: SideFile[] = [];
  const diagnostics: Diagnostic[] = [];
  const base = parseBaseName(basename(imagePath));
  for (const { ending, kind } of sideNames) {
    const name = base + ending;
    try {
      const bytes = readSideFile(join(dirname(imagePath), name), limits.textBytes);
      if (bytes) files.push({ kind, name, text: decodeBytes(bytes) });
    } catch (thrown) {
      diagnostics.push(damageFrom(asImageError(thrown)));
    }
  }
  for (const { ending, kind } of largeNames) {
    const name = base + ending;
    const path = join(dirname(imagePath), name);
    if (!hasSideFile(path)) continue;
    const readText = (): string => decodeBytes(readSideFile(path, LARGE_BYTES) ?? new Uint8Array(0));
    files.push({
      kind,
      name,
      get text() {
        return readText();
      },
    });
  }
  return { files, diagnostics };
}
