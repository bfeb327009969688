/** Where the system manager looks for units and presets, highest priority first. systemd.unit(5) "Unit File Load Path". */
import type { RootView } from '../../root/root-view.ts';

export const unitSearchPath: readonly string[] = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/run/systemd/transient',
  '/run/systemd/generator.early',
  '/etc/systemd/system',
  '/etc/systemd/system.attached',
  '/run/systemd/system',
  '/run/systemd/system.attached',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
  '/run/systemd/generator.late',
];

/** Directories whose files are not the distribution's but made at run time, and what that makes of them. */
export function isRuntimeDirectory(directory: string): boolean {
  return directory.startsWith('/run/');
}

export function isGeneratorDirectory(directory: string): boolean {
  return directory.startsWith('/run/systemd/generator');
}

/** A directory of the search path that exists in the image. */
export interface SearchDirectory {
  /** As it is spelled in the search path. */
  readonly path: string;
  /** After symlinks. */
  readonly resolved: string;
}

/** The directories that exist, without a second name of one that is already there (merged /usr). Throws if unreadable. */
export function findSearchDirectories(view: RootView, paths: readonly string[]): readonly SearchDirectory[] {
  const found: SearchDirectory[] = [];
  for (const path of paths) {
    const resolution = view.resolve(path);
    if (resolution.state === 'missing') continue;
    if (resolution.state === 'unreadable') throw resolution.error;
    if (!found.some(({ resolved }) => resolved === resolution.path)) found.push({ path, resolved: resolution.path });
  }
  return found;
}
