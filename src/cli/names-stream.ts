/** Tells, before the program is loaded, whether it will want the thread of a stream decoder. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { FRAME_MAGIC } from '../bytes/codecs/zstd/frame-magic.ts';

/** A shorter one is decoded before a thread is there. */
const MIN_STREAM = 4 * 1024 * 1024;

/** Whether a word of the command line names a file that begins as zstd does. What it really is, the codec tells later. */
export function namesStream(word: string): boolean {
  if (word.startsWith('-')) return false;
  try {
    const stat = statSync(word, { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size < MIN_STREAM) return false;
    const head = Buffer.alloc(4);
    const fd = openSync(word, 'r');
    readSync(fd, head, 0, head.length, 0);
    closeSync(fd);
    return head.readUInt32LE(0) === FRAME_MAGIC;
  } catch {
    // Whatever is wrong with it, the program will say.
    return false;
  }
}
