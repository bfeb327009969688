/** What bytes look like when no format claims them: for one clear sentence to the user. */
import type { ByteSource } from '../bytes/byte-source.ts';

const HEAD = 1024 * 1024;
const TAIL = 64 * 1024;
const SAMPLE = 512;

/**
 * Whether the source holds nothing: zeros in its first MiB, where every known signature lies, and at its end. More is not
 * read: an empty slot of some GiB must cost nothing.
 */
export function looksEmpty(source: ByteSource): boolean {
  const head = Math.min(source.size, HEAD);
  const tail = Math.min(source.size - head, TAIL);
  return isZero(source, 0, head) && isZero(source, source.size - tail, tail);
}

function isZero(source: ByteSource, start: number, length: number): boolean {
  const end = start + length;
  for (let at = start; at < end; at += TAIL) {
    const chunk = source.read(at, Math.min(TAIL, end - at));
    for (let i = 0; i < chunk.length; i++) if (chunk[i] !== 0) return false;
  }
  return true;
}

/** The first bytes in words: `text`, `HTML`, `zeros`, or their hex digits. */
export function describeStart(source: ByteSource): string {
  const bytes = source.read(0, Math.min(SAMPLE, source.size));
  if (bytes.every((byte) => byte === 0)) return 'its first bytes are zeros';
  if (bytes.every(isTextByte)) {
    const text = Buffer.from(bytes).toString('latin1').trimStart().toLowerCase();
    return text.startsWith('<!doctype html') || text.startsWith('<html')
      ? 'its first bytes look like an HTML page'
      : 'its first bytes look like text';
  }
  return `it begins with the bytes ${Buffer.from(bytes.subarray(0, 8)).toString('hex').replace(/../g, '$& ').trim()}`;
}

function isTextByte(byte: number): boolean {
  return byte >= 0x20 ? byte !== 0x7f : byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x0c;
}
