/** How an initrd begins: the kernel tells the format of each of its archives by these bytes (lib/decompress.c, init/initramfs.c). */
import type { ByteSource } from '../../bytes/byte-source.ts';

const magics: readonly { readonly format: string; readonly hex: string }[] = [
  { format: 'cpio', hex: '303730373031' },
  { format: 'cpio', hex: '303730373032' },
  { format: 'gzip', hex: '1f8b' },
  { format: 'gzip', hex: '1f9e' },
  { format: 'bzip2', hex: '425a' },
  { format: 'lzma', hex: '5d0000' },
  { format: 'xz', hex: 'fd377a585a00' },
  { format: 'lzo', hex: '894c5a' },
  { format: 'lz4', hex: '02214c18' },
  { format: 'zstd', hex: '28b52ffd' },
];

/** The format by its first bytes, `unknown` for others. */
export function detectInitrdFormat(source: ByteSource): string {
  const start = Buffer.from(source.read(0, Math.min(6, source.size))).toString('hex');
  return magics.find(({ hex }) => start.startsWith(hex))?.format ?? 'unknown';
}
