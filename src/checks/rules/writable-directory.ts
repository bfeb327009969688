/** A directory the machine writes to does not lie on what fstab mounts read-only. */
import { at, fail, inconclusive, pass } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly path: string;
}

interface Entry {
  readonly mountPoint: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly line: number;
}

const readOnlyTypes = new Set(['squashfs', 'erofs', 'iso9660', 'cramfs', 'romfs']);

export const writableDirectory: Rule<Options> = {
  id: 'writable-directory',
  title: 'A directory does not lie on a file system that fstab mounts read-only',
  needs: ['text'],
  options: { path: 'text' },
  evaluate: ({ path }, facts) => {
    const fstab = facts.get('text', '/etc/fstab');
    if (fstab.state === 'unreadable') return inconclusive('/etc/fstab could not be read', fstab.location);
    const holder = holderOf(path, parseEntries(fstab.text ?? ''));
    if (!holder) return pass();
    const evidence = [at({ ...fstab.location, line: holder.line }, 'mounted by')];
    const readOnly = readOnlyTypes.has(holder.type) || holder.options.includes('ro');
    if (!readOnly) return pass(undefined, evidence);
    return fail(`${path} lies on ${holder.mountPoint}, which is mounted read-only (${holder.type})`, {
      expected: 'writable',
      found: 'read-only',
      evidence,
    });
  },
};

function parseEntries(text: string): readonly Entry[] {
  return text.split('\n').flatMap((line, i): Entry[] => {
    const [device = '', mountPoint, type = '', options = 'defaults'] = line.trim().split(/[ \t]+/);
    if (device === '' || device.startsWith('#') || mountPoint === undefined || !mountPoint.startsWith('/')) return [];
    return [{ mountPoint, type, options: options.split(','), line: i + 1 }];
  });
}

/** The entry with the longest mount point above the path; of equal ones the last. */
function holderOf(path: string, entries: readonly Entry[]): Entry | undefined {
  let holder: Entry | undefined;
  for (const entry of entries) {
    const above = entry.mountPoint === '/' ? '/' : `${entry.mountPoint}/`;
    if (!`${path}/`.startsWith(above)) continue;
    if (!holder || entry.mountPoint.length >= holder.mountPoint.length) holder = entry;
  }
  return holder;
}
