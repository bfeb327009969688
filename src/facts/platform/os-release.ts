/** /etc/os-release, else /usr/lib/os-release (os-release(5)), parsed as the environment file it is. */
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { createTable, type Table } from '../../table.ts';
import { parseEnvFile } from '../environment/env-file.ts';

export interface OsRelease {
  /** Later assignments win. */
  readonly values: Table<string>;
  /** Line of each value. */
  readonly lines: Table<number>;
  readonly path: string;
  readonly location: Location;
}

const paths = ['/etc/os-release', '/usr/lib/os-release'];

/** Reads the first that exists; throws where damage hides it. */
export function readOsRelease(view: RootView): OsRelease | undefined {
  for (const path of paths) {
    const text = view.readText(path);
    if (text === undefined) continue;
    const assignments = parseEnvFile(text);
    return {
      values: createTable(assignments.map(({ key, value = '' }) => [key, value] as const)),
      lines: createTable(assignments.map(({ key, line }) => [key, line] as const)),
      path,
      location: view.locate(path),
    };
  }
  return undefined;
}

/** `Debian GNU/Linux 13 (trixie)`, or the best there is. */
export function formatOsName(values: Table<string>): string {
  if (values.PRETTY_NAME) return values.PRETTY_NAME;
  const name = values.NAME || values.ID || '';
  return [name, values.VERSION || values.VERSION_ID || ''].filter((part) => part !== '').join(' ');
}
