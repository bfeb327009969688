/** FAT dates and times (Microsoft FAT specification 1.03, section 6.3): local time without a zone, taken as UTC. */
import type { Timestamp } from '../file-system.ts';

/** `tenths` counts hundredths of a second, 0..199. Fields out of range are clamped as Linux clamps them. */
export function parseFatTime(date: number, time: number, tenths: number): Timestamp {
  const year = 1980 + (date >> 9);
  const month = Math.max(1, (date >> 5) & 0xf);
  const day = Math.max(1, date & 0x1f);
  const milliseconds = Date.UTC(year, month - 1, day, time >> 11, (time >> 5) & 0x3f, (time & 0x1f) * 2);
  return {
    seconds: milliseconds / 1000 + Math.floor(tenths / 100),
    nanoseconds: (tenths % 100) * 10_000_000,
  };
}
