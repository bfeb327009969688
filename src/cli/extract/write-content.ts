/** The bytes of a file onto the host, with holes where the image has nothing but zeros. */
import { ftruncateSync, writeSync } from 'node:fs';
import { type ByteSource, readInto } from '../../bytes/byte-source.ts';
import { hostError } from '../../bytes/file-source.ts';
import { findData } from '../../bytes/sparse-file.ts';

/** Bytes read at once; a multiple of every host's block. */
const CHUNK = 1024 * 1024;
const HOST_BLOCK = 4096;
const chunk = Buffer.allocUnsafeSlow(CHUNK);

/** Fills the empty file behind `fd`. ImageError if the source cannot be read or the host takes no more. */
export async function writeContent(
  source: ByteSource,
  fd: number,
  label: string,
  pause?: () => Promise<void>,
): Promise<void> {
  let size = 0;
  for (let at = nextData(source, 0); at < source.size; at = nextData(source, at + CHUNK)) {
    await pause?.();
    const bytes = chunk.subarray(0, Math.min(CHUNK, source.size - at));
    readInto(source, at, bytes);
    for (const [from, to] of findData(bytes)) {
      writeAll(fd, bytes.subarray(from, to), at + from, label);
      size = at + to;
    }
  }
  if (size === source.size) return;
  try {
    ftruncateSync(fd, source.size);
  } catch (error) {
    throw hostError(error, label, 'write');
  }
}

/** Where to go on reading, at a boundary of the host's blocks: holes the source knows of are passed over unread. */
function nextData(source: ByteSource, from: number): number {
  const next = from < source.size && source.nextData ? source.nextData(from) : from;
  return next - (next % HOST_BLOCK);
}

function writeAll(fd: number, bytes: Uint8Array, position: number, label: string): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done, bytes.length - done, position + done);
    } catch (error) {
      throw hostError(error, label, 'write');
    }
  }
}
