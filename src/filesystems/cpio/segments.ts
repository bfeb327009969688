/**
 * An initramfs is archives in a row with zeros between them (kernel docs, driver-api/early-userspace/buffer-format): often an
 * uncompressed one with microcode, then a compressed one. A compressed stream may hold several itself.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { startsWith } from '../../bytes/codecs/codec.ts';
import { codecs } from '../../bytes/codecs/registry.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import { MAGIC_SIZE, readDialect } from './header.ts';
import { type CpioMember, MemberReader } from './members.ts';

export interface Segment {
  /** Byte offset in the image. */
  readonly offset: number;
  /** Id of its codec; undefined if it is not compressed. */
  readonly codec: string | undefined;
  readonly members: number;
}

export interface SegmentVisitor {
  /** Called before the members of each archive. */
  begin(): void;
  member(member: CpioMember): void;
}

export interface SegmentsRead {
  readonly segments: readonly Segment[];
  readonly diagnostics: readonly Diagnostic[];
  /** Expanded streams, to be closed with the file system. */
  readonly expanded: readonly ByteSource[];
}

const lzopMagic = [0x89, ...Buffer.from('LZO')];

/** A run of zeros is looked at in pieces of this size. */
const PIECE = 64 * 1024;

/** Visits all members of all archives in `source`. ImageError if one is damaged, cut off or passes a limit. */
export async function readSegments(source: ByteSource, limits: Limits, visitor: SegmentVisitor): Promise<SegmentsRead> {
  const reader = new SegmentReader(source, limits, visitor);
  try {
    await reader.run();
    return reader;
  } catch (error) {
    for (const each of reader.expanded) each.close();
    throw error;
  }
}

class SegmentReader implements SegmentsRead {
  readonly segments: Segment[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly expanded: ByteSource[] = [];
  readonly #source: ByteSource;
  readonly #limits: Limits;
  readonly #visitor: SegmentVisitor;
  #spooled = 0;

  constructor(source: ByteSource, limits: Limits, visitor: SegmentVisitor) {
    this.#source = source;
    this.#limits = limits;
    this.#visitor = visitor;
  }

  async run(): Promise<void> {
    const { size, label } = this.#source;
    for (let at = 0; at < size; ) {
      at = skipZeros(this.#source, at);
      if (at === size) break;
      const next = isArchive(this.#source, at) ? this.#readArchive(this.#source, at, at) : await this.#readStream(at);
      if (next === undefined) {
        this.#endAt(at);
        break;
      }
      at = next;
      if (this.segments.length > this.#limits.fileSystemEntries) {
        throw limitExceeded('fileSystemEntries', this.#limits, 'an initramfs', { source: label });
      }
    }
    if (this.segments.length < 2) return;
    const list = this.segments.map(
      ({ offset, codec, members }) => `${members} members at byte ${offset} (${codec ?? 'not compressed'})`,
    );
    const shown = list.length > 8 ? [...list.slice(0, 8), `${list.length - 8} more`] : list;
    this.#note('cpio/segments', `${list.length} archives in a row: ${shown.join(', ')}`, 0);
  }

  /** Reads the archive at `at` of `source`; returns where it ends. */
  #readArchive(source: ByteSource, at: number, offset: number, codec?: string): number {
    const reader = new MemberReader(source, this.#limits, at);
    this.#visitor.begin();
    let members = 0;
    for (let member = reader.next(); member; member = reader.next()) {
      this.#visitor.member(member);
      members++;
    }
    this.segments.push({ offset, codec, members });
    if (!reader.isComplete) {
      this.#note('cpio/no-trailer', 'an archive has no trailer: nothing shows that it is complete', offset);
    }
    return reader.end;
  }

  /** Expands the stream at `at` and reads what is in it; returns where it ends, undefined if there is no stream. */
  async #readStream(at: number): Promise<number | undefined> {
    const rest = this.#source.slice(at, this.#source.size - at);
    const codec = codecs.find((each) => each.detect(rest));
    if (!codec) return undefined;
    let end = rest.size;
    const limits = { ...this.#limits, spoolBytes: this.#limits.spoolBytes - this.#spooled };
    const onTrailing = (offset: number): void => {
      end = offset;
    };
    const expanded = await codec.open(rest, { limits, onTrailing });
    this.expanded.push(expanded);
    this.#spooled += expanded.size;
    for (let inner = skipZeros(expanded, 0); inner < expanded.size; inner = skipZeros(expanded, inner)) {
      if (!isArchive(expanded, inner)) {
        const message = `what the ${codec.id} stream at byte ${at} holds is no cpio archive`;
        const location = { source: this.#source.label, offset: at };
        throw new ImageError('corrupt', 'cpio/bad-magic', message, { location });
      }
      inner = this.#readArchive(expanded, inner, at, codec.id);
    }
    return at + end;
  }

  /** What is no archive: one that the kernel would unpack and that is not read here is missing from the tree. */
  #endAt(at: number): void {
    if (startsWith(this.#source.slice(at, this.#source.size - at), lzopMagic)) {
      const location = { source: this.#source.label, offset: at };
      const message = 'an archive compressed with lzop follows, which is not read: its files are missing here';
      this.diagnostics.push({ level: 'damage', code: 'cpio/unread-archive', message, location });
    } else this.#note('cpio/data-after-end', 'there is data behind the last archive: it was not read', at);
  }

  /** Once for each code: a hostile image could repeat one without end. */
  #note(code: string, message: string, offset: number): void {
    if (this.diagnostics.some((diagnostic) => diagnostic.code === code)) return;
    this.diagnostics.push({ level: 'note', code, message, location: { source: this.#source.label, offset } });
  }
}

function isArchive(source: ByteSource, at: number): boolean {
  return at + MAGIC_SIZE <= source.size && readDialect(source.read(at, MAGIC_SIZE)) !== undefined;
}

function skipZeros(source: ByteSource, from: number): number {
  for (let at = from; at < source.size; ) {
    const piece = source.read(at, Math.min(PIECE, source.size - at));
    const found = piece.findIndex((byte) => byte !== 0);
    if (found >= 0) return at + found;
    at += piece.length;
  }
  return source.size;
}
