/**
 * What the manager gives units that say nothing: /etc/systemd/system.conf and system.conf.d. systemd-system.conf(5).
 * The main file comes first, drop-ins after it whatever their directory.
 */
import type { RootView } from '../../root/root-view.ts';
import { confDirectories, listConfFiles, readConfTexts } from '../conf-files/conf-files.ts';
import type { Gap } from '../fact.ts';
import type { Assignment } from './unit-fact.ts';
import { parseUnitFile } from './unit-file-parser.ts';
import { parseBoolean } from './values/boolean.ts';
import { parseInteger } from './values/integer.ts';
import { type LimitUnit, parseResourceLimit, type ResourceLimit } from './values/resource-limit.ts';
import { infinity, parseTimeSpan } from './values/time-span.ts';

const mainFiles = ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map((prefix) => `${prefix}/systemd/system.conf`);

export class ManagerDefaults {
  /** Assignments of [Manager] in the order they are read. */
  readonly assignments: ReadonlyMap<string, readonly Assignment[]>;
  readonly gaps: readonly Gap[];

  constructor(view: RootView) {
    const main = mainFiles.find((path) => view.exists(path) !== 'no');
    const dropIns = listConfFiles(view, confDirectories('systemd/system.conf.d'), '.conf');
    const mainFile =
      main === undefined
        ? []
        : [{ name: 'system.conf', path: main, kind: 'text' as const, location: view.locate(main) }];
    const { texts, gaps } = readConfTexts(view, [...mainFile, ...dropIns.files]);
    const assignments = new Map<string, Assignment[]>();
    for (const { file, text } of texts) {
      for (const { key, value, line } of parseUnitFile(text, (name) => name === 'Manager').assignments) {
        const list = assignments.get(key) ?? [];
        list.push({ value, location: { ...file.location, line } });
        assignments.set(key, list);
      }
    }
    this.assignments = assignments;
    this.gaps = [...dropIns.gaps, ...gaps];
  }

  /** Microseconds; zero means "no limit". */
  span(key: string, otherwise: bigint): bigint {
    const value = this.#last(key, (text) => parseTimeSpan(text)) ?? otherwise;
    return value === 0n ? infinity : value;
  }

  number(key: string, otherwise: bigint): bigint {
    return this.#last(key, parseInteger) ?? otherwise;
  }

  flag(key: string, otherwise: boolean): boolean {
    return this.#last(key, parseBoolean) ?? otherwise;
  }

  text(key: string, otherwise: string): string {
    return this.#last(key, (text) => (text === '' ? undefined : text)) ?? otherwise;
  }

  limit(key: string, unit: LimitUnit): ResourceLimit | undefined {
    return this.#last(key, (text) => parseResourceLimit(text, unit));
  }

  /** The assignments of a key that count: variables add up, of anything else the last. Undefined after an empty one. */
  effective(key: string): readonly Assignment[] | undefined {
    const all = this.assignments.get(key) ?? [];
    const since = all.slice(all.findLastIndex(({ value }) => value === '') + 1);
    const counting = key.endsWith('Environment') ? since : since.slice(-1);
    return counting.length > 0 ? counting : undefined;
  }

  /** The last assignment that can be read. */
  #last<T>(key: string, parse: (text: string) => T | undefined): T | undefined {
    for (const { value } of this.assignments.get(key)?.toReversed() ?? []) {
      const parsed = parse(value);
      if (parsed !== undefined) return parsed;
    }
    return undefined;
  }
}
