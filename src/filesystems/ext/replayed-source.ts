/** The bytes of a file system as they are after its journal was replayed. Copies are fetched and verified when they are read. */
import { type ByteSource, checkRange, peekAt, SliceSource } from '../../bytes/byte-source.ts';
import { ImageError } from '../../errors.ts';
import type { JournalCopy, JournalReplay } from './journal.ts';
import { isSoundCopy, JOURNAL_MAGIC } from './journal-records.ts';

export class ReplayedSource implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #disk: ByteSource;
  readonly #journal: ByteSource;
  readonly #replay: JournalReplay;
  readonly #blockSize: number;

  constructor(disk: ByteSource, journal: ByteSource, replay: JournalReplay, blockSize: number) {
    this.size = disk.size;
    this.label = disk.label;
    this.#disk = disk;
    this.#journal = journal;
    this.#replay = replay;
    this.#blockSize = blockSize;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const logged = this.#logged(offset, length);
    return logged.length === 0 ? this.#disk.read(offset, length) : this.#replayed(offset, length, logged);
  }

  peek(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const logged = this.#logged(offset, length);
    return logged.length === 0 ? peekAt(this.#disk, offset, length) : this.#replayed(offset, length, logged);
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    return new SliceSource(this, offset, length, label);
  }

  close(): void {
    this.#disk.close();
  }

  /** The blocks in a range that have a newer copy. */
  #logged(offset: number, length: number): JournalCopy[] {
    const end = Math.ceil((offset + length) / this.#blockSize);
    const logged: JournalCopy[] = [];
    for (let block = Math.floor(offset / this.#blockSize); block < end; block++) {
      const copy = this.#replay.copies.get(block);
      if (copy) logged.push(copy);
    }
    return logged;
  }

  #replayed(offset: number, length: number, logged: readonly JournalCopy[]): Uint8Array {
    const result = new Uint8Array(this.#disk.read(offset, length));
    for (const copy of logged) {
      const start = copy.block * this.#blockSize - offset;
      const from = Math.max(0, -start);
      result.set(this.#copy(copy).subarray(from, Math.min(this.#blockSize, length - start)), Math.max(0, start));
    }
    return result;
  }

  #copy(copy: JournalCopy): Uint8Array {
    const offset = copy.at * this.#blockSize;
    const bytes = new Uint8Array(this.#journal.read(offset, this.#blockSize));
    if (!isSoundCopy(bytes, copy, copy.sequence, this.#replay.superblock)) {
      throw new ImageError(
        'corrupt',
        'ext4/bad-journal-block',
        `the journal's copy of block ${copy.block} has a wrong checksum`,
        { location: { source: this.label, offset: copy.block * this.#blockSize } },
      );
    }
    if (copy.isEscaped) new DataView(bytes.buffer).setUint32(0, JOURNAL_MAGIC);
    return bytes;
  }
}
