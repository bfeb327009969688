/** One boot of the built server tree with systemd-nspawn, and what its systemd said (boot-truth.sh). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type RecordedUnit = ReadonlyMap<string, string>;

export interface RecordedBoot {
  /** By name as asked for: aliases are there, too. */
  readonly units: ReadonlyMap<string, RecordedUnit>;
  /** What another command printed: `tree.txt`, `cat.txt` ... */
  readonly text: (file: string) => string;
  readonly remove: () => void;
}

/** Boots and records; throws with the log if nothing was recorded. */
export function recordBoot(root: string): RecordedBoot {
  const folder = mkdtempSync(join(tmpdir(), 'check-image-boot-'));
  const { status } = spawnSync('bash', [join(import.meta.dirname, '../boot-truth.sh'), root, folder]);
  if (status !== 0)
    throw new Error(
      `the tree did not boot (root and systemd-container are needed):\n${readLog(join(folder, 'nspawn.log'))}`,
    );
  const text = (file: string): string => readFileSync(join(folder, 'out', file), 'utf8');
  return {
    units: parseShown(text('show-all.txt')),
    text,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function readLog(path: string): string {
  return readFileSync(path, 'utf8').split('\n').slice(-20).join('\n');
}

/** A property printed several times is one of several lines. */
function parseShown(text: string): ReadonlyMap<string, RecordedUnit> {
  const units = new Map<string, Map<string, string>>();
  let unit = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (line.startsWith('=== ')) {
      unit = new Map();
      units.set(line.slice(4), unit);
    } else if (equals > 0) {
      const name = line.slice(0, equals);
      const before = unit.get(name);
      unit.set(name, before === undefined ? line.slice(equals + 1) : `${before}\n${line.slice(equals + 1)}`);
    }
  }
  return units;
}
