/** Many small pieces to stdout in few large writes. What is added is copied. */
import { type ByteSource, readInto } from '../../bytes/byte-source.ts';
import type { Terminal } from '../terminal.ts';

const CAPACITY = 1024 * 1024;

export class TerminalBuffer {
  readonly #terminal: Terminal;
  readonly #bytes = Buffer.allocUnsafeSlow(CAPACITY);
  #filled = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + CAPACITY - this.#filled);
      this.#bytes.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === CAPACITY) await this.flush();
    }
  }

  /** The whole content of a source. Throws what reading throws. */
  async addSource(source: ByteSource): Promise<void> {
    for (let at = 0; at < source.size; ) {
      const count = Math.min(CAPACITY - this.#filled, source.size - at);
      readInto(source, at, this.#bytes.subarray(this.#filled, this.#filled + count));
      this.#filled += count;
      at += count;
      if (this.#filled === CAPACITY) await this.flush();
    }
  }

  async flush(): Promise<void> {
    const bytes = this.#bytes.subarray(0, this.#filled);
    this.#filled = 0;
    if (bytes.length > 0) await this.#terminal.write(bytes);
  }
}
