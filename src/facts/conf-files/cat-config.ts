/**
 * Which files make up a configuration, as `systemd-analyze cat-config` lists them (src/shared/pretty-print.c): the first main
 * file of /etc, /run, /usr/local/lib, /usr/lib, then the drop-ins by name, masks included.
 */
import type { RootView } from '../../root/root-view.ts';
import type { Gap } from '../fact.ts';
import { confDirectories, listConfFiles, type MaskedFile } from './conf-files.ts';

export interface ConfigStack {
  /** Paths in the order they are read. */
  readonly files: readonly string[];
  readonly masked: readonly MaskedFile[];
  readonly gaps: readonly Gap[];
}

/** Directories of drop-ins whose files do not end in `.conf`. */
const suffixes: Readonly<Record<string, string>> = {
  'udev/rules.d': '.rules',
  'udev/hwdb.d': '.hwdb',
  'kernel/install.d': '.install',
  'systemd/ntp-units.d': '.list',
  'systemd/system-preset': '.preset',
  'systemd/user-preset': '.preset',
};

/** `name` is relative to the configuration directories: `systemd/journald.conf`, or a directory such as `sysctl.d`. */
export function listConfigStack(view: RootView, name: string): ConfigStack {
  const suffix = Object.hasOwn(suffixes, name) ? suffixes[name] : undefined;
  const isDirectory = suffix !== undefined || name.endsWith('.d');
  const listed = listConfFiles(view, confDirectories(isDirectory ? name : `${name}.d`), suffix ?? '.conf');
  const main = isDirectory ? undefined : confDirectories(name).find((path) => view.find(path) !== undefined);
  const files = listed.files.map(({ path }) => path);
  return { files: main === undefined ? files : [main, ...files], masked: listed.masked, gaps: listed.gaps };
}
