/**
 * Which units files name in Conflicts= (or stop along with another, PropagatesStopTo=), found in the text of all unit files: what a unit
 * says of others is known without loading the boot. What is damaged names nothing: the machine cannot read it either.
 */
import { decodeBytes } from '../../bytes/names.ts';
import { asImageError, type ImageError } from '../../errors.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { parseUnitFile } from './unit-file-parser.ts';
import type { UnitSet } from './unit-set.ts';

/** By these a machine leaves one boot, or the initrd: what is stopped for them starts none the less. */
export const leavingTargets: ReadonlySet<string> = new Set(
  ['shutdown', 'umount', 'initrd-switch-root', 'soft-reboot', 'reboot', 'kexec', 'poweroff', 'halt'].map(
    (name) => `${name}.target`,
  ),
);

const keys = new Set(['Conflicts', 'PropagatesStopTo']);
const candidate = /^[ \t]*(?:Conflicts|PropagatesStopTo)[ \t]*=(?![ \t]*(?:shutdown|umount)\.target[ \t]*$)/m;

export class ConflictIndex {
  readonly #names = new Set<string>();
  /** What stands around the specifiers of a name. */
  readonly #patterns: (readonly [start: string, end: string])[] = [];

  /** Files and directories that this program cannot read, but the machine can. */
  readonly failures: ImageError[] = [];

  constructor(set: UnitSet) {
    for (const path of this.#pathsOf(set)) {
      this.#attempt(() => {
        const text = set.index.generatedFile(path)?.text ?? readIfMentioned(set, path);
        if (text !== undefined && candidate.test(text)) this.#add(text);
      });
    }
  }

  isNamed({ names }: LoadedUnit): boolean {
    return names.some(
      (name) =>
        this.#names.has(name) || this.#patterns.some(([start, end]) => name.startsWith(start) && name.endsWith(end)),
    );
  }

  #pathsOf(set: UnitSet): ReadonlySet<string> {
    const paths = new Set<string>();
    for (const name of set.index.names()) {
      const file = set.index.findFile(name);
      if (typeof file === 'object') paths.add(file.path);
    }
    for (const name of set.index.dropInDirectoryNames('.d')) {
      for (const { path } of set.index.dropInDirectories(name)) {
        this.#attempt(() => {
          for (const entry of set.view.list(path) ?? [])
            if (entry.name.endsWith('.conf')) paths.add(`${path}/${entry.name}`);
        });
      }
    }
    return paths;
  }

  #attempt(read: () => void): void {
    try {
      read();
    } catch (thrown) {
      const error = asImageError(thrown);
      if (error.kind !== 'corrupt' && error.kind !== 'truncated') this.failures.push(error);
    }
  }

  #add(text: string): void {
    for (const { key, value } of parseUnitFile(text, (section) => section === 'Unit').assignments) {
      if (!keys.has(key)) continue;
      for (const word of value.split(/\s+/)) {
        const name = word.replace(/^["']|["']$/g, '');
        if (name === '' || leavingTargets.has(name)) continue;
        const first = name.indexOf('%');
        if (first < 0) this.#names.add(name);
        else this.#patterns.push([name.slice(0, first), name.slice(name.lastIndexOf('%') + 2)]);
      }
    }
  }
}

/** Most files say nothing of the kind: their bytes are only searched. */
function readIfMentioned({ view }: UnitSet, path: string): string | undefined {
  const bytes = view.readBytes(path);
  if (bytes === undefined) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [...keys].some((key) => buffer.includes(key)) ? decodeBytes(bytes) : undefined;
}
