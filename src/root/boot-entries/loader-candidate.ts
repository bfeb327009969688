/** What systemd-boot offers, with what it sorts by: sort key, machine, version, name, and how often a counted entry was tried. */
import type { BootEntry } from './boot-entry.ts';
import { compareVersions } from './version-order.ts';

export interface Candidate {
  readonly entry: BootEntry;
  readonly sortKey: string;
  readonly machineId: string;
  readonly version: string;
  /** Boot counting; -1 if the entry is not counted. */
  readonly triesLeft: number;
  readonly triesDone: number;
  readonly isBootable: boolean;
}

/** Splits the boot counter off: `name+3-1.conf` has 3 tries left and 1 done; the suffix is `.conf` or `.efi`. */
export function parseCounter(file: string): { id: string; triesLeft: number; triesDone: number } {
  const counted = /^(.*)\+(\d{1,9})(?:-(\d{1,9}))?(\.conf|\.efi)$/i.exec(file);
  if (!counted) return { id: file, triesLeft: -1, triesDone: -1 };
  const [, name = '', left, done = '0', suffix = ''] = counted;
  return { id: name + suffix, triesLeft: Number(left), triesDone: Number(done) };
}

/** The order of the menu: first what is tried first. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    Number(a.triesLeft === 0) - Number(b.triesLeft === 0) ||
    Number(a.sortKey === '') - Number(b.sortKey === '') ||
    (a.sortKey === '' ? 0 : compareSorted(a, b)) ||
    compareVersions(b.entry.id.toLowerCase(), a.entry.id.toLowerCase()) ||
    (a.triesLeft < 0 || b.triesLeft < 0 ? 0 : b.triesLeft - a.triesLeft || a.triesDone - b.triesDone)
  );
}

function compareSorted(a: Candidate, b: Candidate): number {
  const byKey = a.sortKey < b.sortKey ? -1 : Number(a.sortKey > b.sortKey);
  const byMachine = a.machineId < b.machineId ? -1 : Number(a.machineId > b.machineId);
  return byKey || byMachine || compareVersions(b.version, a.version);
}
