/** Times of ISO 9660: seven binary bytes (ECMA-119, 9.1.5) or seventeen with digits (8.4.26.1), each with an offset from UTC. */
import type { Timestamp } from '../file-system.ts';

const QUARTER_HOUR = 15 * 60;
/** After so many years the calendar is the same. */
const CYCLE = 400;
const CYCLE_SECONDS = 146_097 * 86_400;

/** The seven bytes of a directory record; 1970 if they are no date. */
export function parseShortTime(bytes: Uint8Array): Timestamp {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0] = bytes;
  return toTimestamp([1900 + year, month, day, hour, minute, second], 0, (zone << 24) >> 24);
}

/** The seventeen bytes of the long form; 1970 if they are no date. */
export function parseLongTime(bytes: Uint8Array): Timestamp {
  const text = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!digits) return { seconds: 0, nanoseconds: 0 };
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, hundredths = 0] = digits.slice(1).map(Number);
  return toTimestamp([year, month, day, hour, minute, second], hundredths, ((bytes[16] ?? 0) << 24) >> 24);
}

function toTimestamp(
  [year, month, day, hour, minute, second]: readonly [number, number, number, number, number, number],
  hundredths: number,
  zone: number,
): Timestamp {
  if (month < 1 || month > 12 || day < 1 || day > 31) return { seconds: 0, nanoseconds: 0 };
  // A cycle later, since Date.UTC takes years below 100 for those of the last century.
  const later = Date.UTC(year + CYCLE, month - 1, day, hour, minute, second) / 1000;
  return { seconds: later - CYCLE_SECONDS - zone * QUARTER_HOUR, nanoseconds: hundredths * 10_000_000 };
}
