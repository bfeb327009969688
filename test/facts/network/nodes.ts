/** Nodes of each network profile: the networkd files of the test images on a small root file system that starts networkd. */
import { readdirSync, readFileSync } from 'node:fs';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import type { ImageFacts } from '../../../src/root/image-facts.ts';
import { RootView } from '../../../src/root/root-view.ts';

export type Profile = 'simple' | 'vlans' | 'bonding-vlans';

const files = new URL('../../images/files/', import.meta.url);
const network = '/etc/systemd/network';

/** The networkd files of a profile by path in the image. */
export function profileFiles(profile: Profile): MemoryTree {
  const folder = new URL(`network-${profile}/`, files);
  return Object.fromEntries(
    readdirSync(folder).map((name) => [`${network}/${name}`, readFileSync(new URL(name, folder), 'utf8')]),
  );
}

const service = (name: string): string => `[Unit]\nDescription=${name}\n[Service]\nExecStart=/usr/bin/${name}\n`;

/** A service that multi-user.target wants. */
export function started(name: string): MemoryTree {
  return {
    [`/usr/lib/systemd/system/${name}`]: service(name),
    [`/etc/systemd/system/multi-user.target.wants/${name}`]: { link: `/usr/lib/systemd/system/${name}` },
  };
}

/** A small Debian root with udev's rule and its default link file, and networkd started. */
export const base: MemoryTree = {
  '/usr/lib/systemd/system/default.target': { link: 'multi-user.target' },
  '/usr/lib/systemd/system/multi-user.target': '[Unit]\nDescription=Multi-User\n',
  '/usr/lib/udev/rules.d/80-net-setup-link.rules': 'SUBSYSTEM=="net", IMPORT{builtin}="net_setup_link"\n',
  '/usr/lib/systemd/network/99-default.link': '[Match]\nOriginalName=*\n[Link]\nNamePolicy=keep kernel database path\n',
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  ...started('systemd-networkd.service'),
};

/** Facts of a tree; `commandLine` is that of the boot entry. */
export async function factsOf(tree: MemoryTree, commandLine?: string): Promise<FactStore> {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'image') }], defaultLimits);
  const location = { source: 'image', path: '/boot/entry.conf', line: 3 };
  const image: ImageFacts = {
    label: 'image',
    sideFiles: [],
    ...(commandLine === undefined ? {} : { commandLine: { text: commandLine, location } }),
  };
  const facts = new FactStore(view, image);
  await facts.prepare(['network', 'firewall', 'airgap']);
  return facts;
}
