/** Where output goes. The result to stdout, everything else to stderr. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Bytes to stdout as they are; resolves when more may come. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Whether stdout may get colours. */
  readonly color: boolean;
  /** Width of stdout, where it is a terminal. */
  readonly columns?: number;
  /** Shows one line on stderr in place of the last, nothing for an empty text; absent where stderr is no terminal. */
  readonly status?: (line: string) => void;
}

export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    // A reader that went away (`| head`) is no failure of ours: the exit code stays the verdict's.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    write: async (bytes) => {
      // After an error (a reader that went away) nothing drains any more: the rest is dropped.
      if (!process.stdout.destroyed && !process.stdout.write(bytes)) await drained(process.stdout);
    },
    color: process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '',
    ...(process.stdout.isTTY === true ? { columns: process.stdout.columns } : {}),
    ...(process.stderr.isTTY === true ? { status: showLine } : {}),
  };
}

/** Resolves when the stream takes more, or never will again. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  const events = ['drain', 'close', 'error'];
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}

/** Back to the start of the line, and what is left of the last one erased; never longer than the terminal is wide. */
function showLine(line: string): void {
  process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
}
