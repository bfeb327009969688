/** A line on stderr while work takes longer than half a second: what, how far, how fast. Only a terminal gets one. */
import { escapeText } from '../report/escape.ts';
import { formatSize } from '../report/format-size.ts';
import type { Terminal } from './terminal.ts';

const patience = 500;
const interval = 100;

export type StatusTerminal = Pick<Terminal, 'status'>;

export interface StatusLine {
  /** `text` is asked for if it is time to show something, with the milliseconds since the start. */
  readonly show: (text: (elapsed: number) => string) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

/** `now` gives milliseconds. */
export function startStatus(terminal: StatusTerminal, now: () => number = () => performance.now()): StatusLine {
  const { status } = terminal;
  if (!status) return { show: () => {}, end: () => {} };
  const start = now();
  let shown: number | undefined;
  return {
    show: (text) => {
      const time = now();
      if (time - start < patience || (shown !== undefined && time - shown < interval)) return;
      shown = time;
      status(escapeText(text(time - start)));
    },
    end: () => {
      if (shown !== undefined) status('');
    },
  };
}

export interface Progress {
  /** Bytes done, of how many. */
  readonly report: (done: number, total: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

/** `now` gives milliseconds. */
export function startProgress(what: string, terminal: StatusTerminal, now?: () => number): Progress {
  const { show, end } = startStatus(terminal, now);
  return {
    report: (done, total) =>
      show((elapsed) => {
        const rate = formatSize(Math.floor((1000 * done) / elapsed));
        return `${what}  ${shareOf(done, total)}% of ${formatSize(total)}, ${rate}/s`;
      }),
    end,
  };
}

/** Whole percent. */
export function shareOf(done: number, total: number): number {
  return total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;
}
