/** The file `system` of a NixOS toplevel: Nix's name of the platform it was built for, `x86_64-linux`. */
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import type { Architecture } from './platform-fact.ts';

const architectures: Readonly<Record<string, Architecture>> = {
  'x86_64-linux': 'amd64',
  'aarch64-linux': 'arm64',
  'armv7l-linux': 'armhf',
  'i686-linux': 'i386',
  'riscv64-linux': 'riscv64',
  'powerpc64le-linux': 'ppc64el',
};

/** Debian's name of the architecture a toplevel states; undefined if it states none that is known. */
export function readSystemArchitecture(
  view: RootView,
  toplevel: string,
): { readonly architecture: Architecture; readonly location: Location } | undefined {
  const path = `${toplevel}/system`;
  const architecture = architectures[view.readText(path)?.trim() ?? ''];
  return architecture === undefined ? undefined : { architecture, location: view.locate(path) };
}
