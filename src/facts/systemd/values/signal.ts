/** Signals by name (with or without `SIG`, case matters) or number; `RTMIN+n`. signal-util.c, Linux numbers. */
import { parseIntegerWithin } from './integer.ts';

const names = [
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU',
  'URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS',
]
  .join(' ')
  .split(' ');

const lowestRealTime = 34;
const highestRealTime = 64;

/** The number, or undefined if there is no such signal. */
export function parseSignal(text: string): number | undefined {
  const number = parseIntegerWithin(text, 1n, BigInt(highestRealTime));
  if (number !== undefined) return Number(number);
  const name = text.startsWith('SIG') ? text.slice(3) : text;
  const index = names.indexOf(name);
  if (index >= 0) return index + 1;
  const realTime = /^RTM(IN|AX)(?:([+-])([0-9]{1,2}))?$/.exec(name);
  if (!realTime) return undefined;
  const [, end, sign, digits] = realTime;
  if (sign !== undefined && (end === 'IN') !== (sign === '+')) return undefined;
  const offset = Number(digits ?? 0);
  if (offset > highestRealTime - lowestRealTime) return undefined;
  return end === 'IN' ? lowestRealTime + offset : highestRealTime - offset;
}

/** `SIGTERM`; `SIGRTMIN+1`. */
export function formatSignal(number: number): string {
  const name = names[number - 1];
  if (name !== undefined) return `SIG${name}`;
  const offset = number - lowestRealTime;
  return offset === 0 ? 'SIGRTMIN' : `SIGRTMIN+${offset}`;
}
