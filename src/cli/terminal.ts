/**
 * Where output goes: the result to stdout, everything else to stderr. Written to the descriptors themselves: Node's streams take
 * longer to load than most reports to write.
 */
import { fstatSync, writeSync } from 'node:fs';
import { hostError } from '../bytes/file-source.ts';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Bytes to stdout as they are; resolves when more may come, and the same memory may be used for it. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Whether stdout may get colours. */
  readonly color: boolean;
  /** Width of stdout, where it is a terminal. */
  readonly columns?: number;
  /** Shows one line on stderr in place of the last, nothing for an empty text; absent where stderr is no terminal. */
  readonly status?: (line: string) => void;
}

const STDOUT = 1;
const STDERR = 2;
/** The major number of /dev/null and its kin. */
const MEMORY_DEVICES = 1;
/** Milliseconds until a full pipe is tried again. */
const PAUSE = 5;

export function processTerminal(): Terminal {
  const out = writerTo(STDOUT);
  const err = writerTo(STDERR);
  return {
    out: (text) => out(Buffer.from(text)),
    err: (text) => err(Buffer.from(text)),
    write: async (bytes) => out(bytes),
    color: isTerminal(STDOUT) && (process.env.NO_COLOR ?? '') === '',
    ...(isTerminal(STDOUT) ? { columns: process.stdout.columns } : {}),
    ...(isTerminal(STDERR) ? { status: showLine } : {}),
  };
}

/** Writes all it is given. A reader that went away (`| head`) is no failure of ours: the exit code stays the verdict's. */
function writerTo(descriptor: number): (bytes: Uint8Array) => void {
  let isGone = false;
  return (bytes) => {
    for (let done = 0; done < bytes.length && !isGone; ) {
      try {
        done += writeSync(descriptor, bytes, done);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
        else if (code === 'EPIPE') isGone = true;
        else throw hostError(error, descriptor === STDOUT ? 'standard output' : 'standard error', 'write');
      }
    }
  };
}

/** Files and pipes, which most runs write to, are told without loading node:tty. */
function isTerminal(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isCharacterDevice() || stat.rdev >> 8 === MEMORY_DEVICES) return false;
    return process.getBuiltinModule('node:tty').isatty(descriptor);
  } catch (error) {
    // A closed descriptor: nothing is shown there.
    if (error instanceof Error && 'code' in error && error.code === 'EBADF') return false;
    throw error;
  }
}

/** Back to the start of the line, and what is left of the last one erased; never longer than the terminal is wide. */
function showLine(line: string): void {
  process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
}
