/** A script in the legacy format of U-Boot, as mkimage writes it. */
import { crc32 } from '../../../../src/bytes/checksums/crc32.ts';
import { legacyHeader } from '../../../../src/root/boot-entries/u-boot/script-image.ts';

export function makeScript(text: string): Buffer {
  const content = Buffer.from(text);
  const data = Buffer.concat([Buffer.alloc(8), content]);
  data.writeUInt32BE(content.length);
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x27051956, legacyHeader.ih_magic.offset);
  header.writeUInt32BE(data.length, legacyHeader.ih_size.offset);
  header.writeUInt32BE(crc32(data), legacyHeader.ih_dcrc.offset);
  header.writeUInt8(6, legacyHeader.ih_type.offset);
  header.writeUInt32BE(crc32(header), legacyHeader.ih_hcrc.offset);
  return Buffer.concat([header, data]);
}
