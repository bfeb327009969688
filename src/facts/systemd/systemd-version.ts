/** Which systemd the image has: by the name of its private library, or by the store path it comes from. */
import type { RootView } from '../../root/root-view.ts';

/** The version whose directives and values are known in full. */
export const newestKnown = 257;

export class SystemdVersion {
  /** Major version; undefined if the image does not tell. */
  readonly major: number | undefined;
  /** View path of the file that told. */
  readonly evidence: string | undefined;

  constructor(major: number | undefined, evidence?: string) {
    this.major = major;
    this.evidence = evidence;
  }

  /** Whether this systemd is that version or newer; one that cannot be told is taken for the newest known. */
  atLeast(version: number): boolean {
    return (this.major ?? newestKnown) >= version;
  }
}

const libraryName = /^libsystemd-shared-([0-9]{3})(?:\.[0-9~.rc-]*)?(?:-[^/]*)?\.so$/;
const libraryDirectories = ['/usr/lib/systemd', '/lib/systemd', '/usr/lib64/systemd'];

/** Looks where distributions put `libsystemd-shared-NNN.so`. Throws if those directories cannot be read. */
export function findSystemdVersion(view: RootView): SystemdVersion {
  const tuples = (view.list('/usr/lib') ?? [])
    .filter(({ name, type }) => type === 'directory' && name.includes('-linux-'))
    .flatMap(({ name }) => [`/usr/lib/${name}/systemd`, `/usr/lib/${name}`]);
  for (const directory of [...tuples, ...libraryDirectories]) {
    for (const { name } of view.list(directory) ?? []) {
      const match = libraryName.exec(name);
      if (match) return new SystemdVersion(Number(match[1]), `${directory}/${name}`);
    }
  }
  return versionFromStore(view);
}

/** NixOS: the running system links to its systemd, whose store path carries the version. */
function versionFromStore(view: RootView): SystemdVersion {
  for (const path of ['/run/current-system/systemd', '/nix/var/nix/profiles/system/systemd']) {
    const match = /-systemd-([0-9]{3})(?:[.-][^/]*)?$/.exec(view.resolve(path).path);
    if (match) return new SystemdVersion(Number(match[1]), path);
  }
  return new SystemdVersion(undefined);
}
