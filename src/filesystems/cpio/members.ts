/** The members of one cpio archive in their order, headers only: contents are skipped. The archive ends with its trailer. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { ImageError, type ImageErrorKind } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import type { ArchiveMember } from '../archive-tree.ts';
import type { NodeType } from '../file-system.ts';
import { HeaderWindow } from '../header-window.ts';
import { typeOfMode } from '../type-of-mode.ts';
import { type CpioHeader, headerSize, MAGIC_SIZE, parseHeader, readDialect } from './header.ts';

export interface CpioMember extends ArchiveMember {
  readonly type: NodeType;
  readonly header: CpioHeader;
  /** What holds the archive: the image, or the expanded content of a part of it. */
  readonly source: ByteSource;
  /** Byte offset of the content in it. */
  readonly data: number;
}

const TRAILER = 'TRAILER!!!';

/** Longer than any system lets a target be. */
const MAX_TARGET = 65_535;

export class MemberReader {
  readonly #source: ByteSource;
  readonly #headers: HeaderWindow;
  readonly #limits: Limits;
  readonly #start: number;
  #at: number;
  #isComplete = false;

  /** Reads the archive that begins at `start`. */
  constructor(source: ByteSource, limits: Limits, start: number) {
    this.#source = source;
    this.#headers = new HeaderWindow(source);
    this.#limits = limits;
    this.#start = start;
    this.#at = start;
  }

  /** Where the archive ends, once `next` has said that it does. */
  get end(): number {
    return this.#at;
  }

  /** Whether the trailer was there. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The next member, undefined after the last. ImageError `truncated` if the archive stops in one, `corrupt` on a bad header. */
  next(): CpioMember | undefined {
    const offset = this.#at;
    const header = this.#readHeader();
    if (!header) return undefined;
    const nameAt = offset + header.headerSize;
    const path = this.#readName(header, nameAt);
    const data = this.#align(nameAt + header.nameSize, header);
    if (path === TRAILER) {
      this.#isComplete = true;
      this.#at = Math.min(data, this.#source.size);
      return undefined;
    }
    const type = typeOfMode(header.mode);
    if (!type) throw this.#error('corrupt', 'cpio/bad-header', 'a member is of no type', offset);
    if (data + header.fileSize > this.#source.size) {
      const message = `the archive is cut off: a member needs the bytes up to ${data + header.fileSize}, there are ${this.#source.size}`;
      throw this.#error('truncated', 'cpio/truncated', message, offset);
    }
    const linkPath = type === 'symlink' ? this.#readTarget(header, data) : '';
    this.#at = Math.min(this.#align(data + header.fileSize, header), this.#source.size);
    return { path, type, linkPath, offset, header, source: this.#source, data };
  }

  /** Undefined where the archive ends without a trailer: at the end of the source, or at zeros. */
  #readHeader(): CpioHeader | undefined {
    const left = this.#source.size - this.#at;
    if (left < MAGIC_SIZE) return undefined;
    const dialect = readDialect(this.#headers.read(this.#at, MAGIC_SIZE));
    if (!dialect) {
      const isEnd = this.#headers.read(this.#at, MAGIC_SIZE).every((byte) => byte === 0);
      if (isEnd) return undefined;
      throw this.#error('corrupt', 'cpio/bad-magic', 'a header does not begin as one', this.#at);
    }
    if (left < headerSize(dialect)) {
      throw this.#error('truncated', 'cpio/truncated', 'the archive ends in the middle of a header', this.#at);
    }
    return parseHeader(this.#headers.read(this.#at, headerSize(dialect)), dialect);
  }

  #readName({ nameSize }: CpioHeader, at: number): string {
    if (nameSize > this.#limits.headerBytes) {
      throw limitExceeded('headerBytes', this.#limits, 'a name', { source: this.#source.label, offset: at });
    }
    if (at + nameSize > this.#source.size) {
      throw this.#error('truncated', 'cpio/truncated', 'the archive ends in the middle of a name', at);
    }
    const bytes = this.#headers.read(at, nameSize);
    const end = bytes.indexOf(0);
    if (end <= 0) throw this.#error('corrupt', 'cpio/bad-name', 'a name is empty or without an end', at);
    return decodeBytes(bytes.subarray(0, end));
  }

  #readTarget({ fileSize }: CpioHeader, at: number): string {
    if (fileSize > MAX_TARGET) {
      throw this.#error('corrupt', 'cpio/bad-symlink', `the target of a symlink is ${fileSize} bytes long`, at);
    }
    const bytes = this.#headers.read(at, fileSize);
    const end = bytes.indexOf(0);
    return decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
  }

  #align(offset: number, { alignment }: CpioHeader): number {
    return this.#start + Math.ceil((offset - this.#start) / alignment) * alignment;
  }

  #error(kind: ImageErrorKind, code: string, message: string, offset: number): ImageError {
    return new ImageError(kind, code, message, { location: { source: this.#source.label, offset } });
  }
}
