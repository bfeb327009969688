/** Runs the whole program in this process and keeps what it says. */
import { run } from '../../src/cli/run.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function checkImage(...argv: readonly string[]): Promise<Said> {
  let out = '';
  let err = '';
  const code = await run(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    write: async (bytes) => {
      out += Buffer.from(bytes).toString('latin1');
    },
    color: false,
  });
  return { code, out, err };
}
