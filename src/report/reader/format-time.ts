/** Times of files in UTC, which needs no time zone of the host. */
import type { Timestamp } from '../../filesystems/file-system.ts';

/** The range of a Date, in seconds. */
const MAX_SECONDS = 8_640_000_000_000;

/** `2026-01-01 00:00`, as `ls --time-style=long-iso` writes it. */
export function formatMinutes(time: Timestamp): string {
  return isoOf(time).slice(0, -':00'.length);
}

/** `2026-01-01 00:00:00.000000000 +0000`, as stat(1) writes it. */
export function formatNanoseconds(time: Timestamp): string {
  return `${isoOf(time)}.${String(time.nanoseconds).padStart(9, '0')} +0000`;
}

/** The last one: a build gives most files the same. */
let last = { seconds: Number.NaN, text: '' };

function isoOf({ seconds }: Timestamp): string {
  if (seconds !== last.seconds) last = { seconds, text: toIso(seconds) };
  return last.text;
}

function toIso(seconds: number): string {
  const clamped = Math.min(Math.max(seconds, -MAX_SECONDS), MAX_SECONDS);
  const [date = '', time = ''] = new Date(clamped * 1000).toISOString().split('T');
  return `${date} ${time.slice(0, 'hh:mm:ss'.length)}`;
}
