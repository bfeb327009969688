/** The members of a SWUpdate image: cpio in its "newc" and "crc" formats (cpio(5)), plain files one behind the other. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { ImageError } from '../../errors.ts';

const HEADER_BYTES = 110;
const FIELD_BYTES = 8;
const MAGIC_BYTES = 6;
/** The last fields are the length of the name, its NUL included, and the sum of the content. */
const fields = { filesize: 6, namesize: 11, check: 12 } as const;
const CRC_MAGIC = '070702';
const NEWC_MAGIC = '070701';
const MAX_NAME = 4096;
const MAX_MEMBERS = 10_000;
const TRAILER = 'TRAILER!!!';
export const DESCRIPTION = 'sw-description';

export interface CpioMember {
  readonly name: string;
  readonly content: ByteSource;
  /** The sum of its bytes, 32 bits; not in the "newc" format. */
  readonly sum?: number;
}

/** Whether the source is such an archive that begins with a description. Never throws. */
export function isDescriptionFirst(source: ByteSource): boolean {
  const length = HEADER_BYTES + DESCRIPTION.length + 1;
  if (source.size < length) return false;
  const head = Buffer.from(source.read(0, length)).toString('latin1');
  return /^07070[12]/.test(head) && head.endsWith(`${DESCRIPTION}\0`);
}

/** All members up to the trailer; ImageError if a header is damaged, or the archive ends before its trailer. */
export function readCpioMembers(source: ByteSource): CpioMember[] {
  const members: CpioMember[] = [];
  for (let at = 0; ; ) {
    const location = { source: source.label, offset: at };
    if (at + HEADER_BYTES > source.size) {
      const message = 'the SWUpdate image ends without its trailer: it is cut off';
      throw new ImageError('truncated', 'swu/truncated', message, { location });
    }
    const header = Buffer.from(source.read(at, HEADER_BYTES)).toString('latin1');
    const magic = header.slice(0, MAGIC_BYTES);
    if ((magic !== CRC_MAGIC && magic !== NEWC_MAGIC) || !/^[0-9a-fA-F]+$/.test(header)) {
      throw new ImageError('corrupt', 'swu/bad-header', 'a header of the cpio archive is damaged', { location });
    }
    const field = (index: number): number => {
      const start = MAGIC_BYTES + index * FIELD_BYTES;
      return Number.parseInt(header.slice(start, start + FIELD_BYTES), 16);
    };
    const nameBytes = field(fields.namesize);
    if (nameBytes === 0 || nameBytes > MAX_NAME) {
      throw new ImageError('corrupt', 'swu/bad-header', `a name of ${nameBytes} bytes`, { location });
    }
    const name = decodeBytes(source.read(at + HEADER_BYTES, nameBytes - 1));
    if (name === TRAILER) return members;
    if (members.length >= MAX_MEMBERS) {
      throw new ImageError('limit', 'swu/too-many-members', `more than ${MAX_MEMBERS} members`, { location });
    }
    const start = align(at + HEADER_BYTES + nameBytes);
    const size = field(fields.filesize);
    const content = source.slice(start, size, `${source.label}!${name}`);
    members.push(magic === CRC_MAGIC ? { name, content, sum: field(fields.check) } : { name, content });
    at = align(start + size);
  }
}

function align(at: number): number {
  return Math.ceil(at / 4) * 4;
}
