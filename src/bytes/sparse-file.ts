/**
 * Temporary files that have no name from the moment they exist, so that nothing is left of them however the process ends, and in
 * which blocks of zeroes take no space.
 */
import { randomBytes } from 'node:crypto';
import { constants, openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageError } from '../errors.ts';
import { hostError } from './file-source.ts';
import { isZero } from './zeroes.ts';

/** The grain of sparseness: the block size of common host file systems. */
const BLOCK = 4096;

/** O_TMPFILE of Linux, which Node does not name: the bit, and that the path is a folder. */
const UNNAMED = 0o20000000 | constants.O_DIRECTORY;

/** Opens a file for reading and writing in os.tmpdir(), which TMPDIR chooses. */
export function openUnnamedFile(): number {
  return openNeverNamed() ?? openUnlinked();
}

/** Undefined where the host, or the file system there, has no such files. */
function openNeverNamed(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return openSync(tmpdir(), constants.O_RDWR | UNNAMED, 0o600);
  } catch (error) {
    // Whatever is wrong there, a file with a name will tell.
    hostError(error, tmpdir(), 'write');
    return undefined;
  }
}

function openUnlinked(): number {
  const path = join(tmpdir(), `check-image-${process.pid}-${randomBytes(8).toString('hex')}`);
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    unlinkSync(path);
    return fd;
  } catch (error) {
    throw temporaryFileError(error);
  }
}

/** The stretches [from, to) of whole blocks that hold anything but zeroes. */
export function findData(bytes: Uint8Array): [number, number][] {
  const runs: [number, number][] = [];
  let start = -1;
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const empty = bytes[at] === 0 && isZero(bytes.subarray(at, at + BLOCK));
    if (empty && start >= 0) {
      runs.push([start, at]);
      start = -1;
    } else if (!empty && start < 0) start = at;
  }
  if (start >= 0) runs.push([start, bytes.length]);
  return runs;
}

/** A system error about a temporary file as an ImageError that says how to go on. */
export function temporaryFileError(error: unknown): ImageError {
  const { code, message, location } = hostError(error, `a temporary file in ${tmpdir()}`, 'write');
  return new ImageError('input', code, message, {
    ...(location && { location }),
    remedy: 'free space there, or name a folder on a larger disk in the environment variable TMPDIR',
    cause: error,
  });
}
