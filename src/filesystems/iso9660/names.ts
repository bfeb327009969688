/** Names without Rock Ridge: as Linux shows them, in lower case and without the version (`README.TXT;1` is `readme.txt`). */
import { decodeBytes } from '../../bytes/names.ts';
import type { IsoImage } from './image.ts';
import { decodeUcs2 } from './volume-descriptors.ts';

/** A name of the plain tree (ECMA-119, 7.5). */
export function parsePlainName(image: IsoImage, bytes: Uint8Array, offset: number): string {
  const lower = Uint8Array.from(bytes, (byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
  return checkName(image, withoutVersion(decodeBytes(lower)).replace(/\.$/, ''), offset);
}

/** A name of the Joliet tree: UCS-2, as it was written. */
export function parseJolietName(image: IsoImage, bytes: Uint8Array, offset: number): string {
  return checkName(image, withoutVersion(decodeUcs2(bytes)), offset);
}

function withoutVersion(name: string): string {
  return name.replace(/;\d{1,5}$/, '');
}

function checkName(image: IsoImage, name: string, offset: number): string {
  if (name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0')) return name;
  throw image.corrupt('bad-name', `a file has a name that none can have: ${JSON.stringify(name)}`, offset);
}
