/** Opens an ISO 9660 volume: descriptors, then the richest of its trees: Rock Ridge, Joliet, or the plain one. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { OpenOptions } from '../file-system.ts';
import { readRecord } from './directory-record.ts';
import { type BootImage, readBootCatalog } from './el-torito.ts';
import { IsoImage } from './image.ts';
import { Iso9660FileSystem } from './iso9660-file-system.ts';
import { readRockRidge } from './rock-ridge.ts';
import { parseIndicator } from './susp.ts';
import { readVolumeDescriptors, type VolumeDescriptors } from './volume-descriptors.ts';

/** ImageError `corrupt` or `truncated`. */
export function openIso9660(source: ByteSource, options: OpenOptions): Iso9660FileSystem {
  const descriptors = readVolumeDescriptors(source);
  const image = chooseTree(source, descriptors, options);
  return new Iso9660FileSystem(image, readBootImages(image, descriptors), descriptors.primary);
}

/** Rock Ridge is there if the root's own record says that it shares its system use area, and has a mode. */
function chooseTree(source: ByteSource, { primary, joliet }: VolumeDescriptors, { limits }: OpenOptions): IsoImage {
  const plain = new IsoImage(source, primary, 'plain', 0, limits);
  const area = Uint8Array.from(readRecord(plain, primary.root)?.systemUse ?? []);
  const skip = parseIndicator(area);
  if (skip !== undefined) {
    const root = readRockRidge(plain, area, primary.root);
    if (root.posix) return new IsoImage(source, primary, 'rock-ridge', skip, limits);
  }
  return joliet ? new IsoImage(source, joliet, 'joliet', 0, limits) : plain;
}

function readBootImages(image: IsoImage, { bootCatalog }: VolumeDescriptors): readonly BootImage[] {
  if (bootCatalog === undefined) return [];
  const images = readBootCatalog(image.source, bootCatalog);
  if (!images) {
    image.report('damage', 'iso9660/bad-boot-catalog', 'the boot catalog (El Torito) is none', bootCatalog);
    return [];
  }
  const list = images.map(({ platform, offset, isBootable }) => {
    return `${platform} at byte ${offset}${isBootable ? '' : ' (not bootable)'}`;
  });
  image.report('note', 'iso9660/boot-images', `boot images (El Torito): ${list.join(', ')}`, bootCatalog);
  return images;
}
