/** A line on stderr while work takes longer than half a second: what, how far, how fast. Only a terminal gets one. */
import { escapeText } from '../report/escape.ts';
import { formatSize } from '../report/format-size.ts';
import type { Terminal } from './terminal.ts';

const patience = 500;
const interval = 100;

export interface Progress {
  /** Bytes done, of how many. */
  readonly report: (done: number, total: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

/** `now` gives milliseconds. */
export function startProgress(what: string, terminal: Terminal, now: () => number = () => performance.now()): Progress {
  const { status } = terminal;
  if (!status) return { report: () => {}, end: () => {} };
  const start = now();
  let shown: number | undefined;
  return {
    report: (done, total) => {
      const time = now();
      if (time - start < patience || (shown !== undefined && time - shown < interval)) return;
      shown = time;
      const share = total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;
      const rate = formatSize(Math.floor((1000 * done) / (time - start)));
      status(escapeText(`${what}  ${share}% of ${formatSize(total)}, ${rate}/s`));
    },
    end: () => {
      if (shown !== undefined) status('');
    },
  };
}
