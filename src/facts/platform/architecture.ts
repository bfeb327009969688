/**
 * The architecture of a root, by several witnesses: the records of packages every Debian has, the headers of well-known
 * programs, and multiarch names in /etc. Most voices win; a tie is no answer.
 */
import type { RootView } from '../../root/root-view.ts';
import { debianArchitecture } from '../elf/debian-architecture.ts';
import { detectElf, openElf } from '../elf/elf-file.ts';
import type { FactContext } from '../fact.ts';
import { readSystemArchitecture } from './nix-system.ts';
import type { Architecture, PlatformFact } from './platform-fact.ts';

type Witness = PlatformFact['architectureEvidence'][number];

const packageNames = new Set(['dpkg', 'libc6', 'systemd', 'coreutils', 'bash']);
const programs = [
  '/usr/bin/bash',
  '/bin/sh',
  '/usr/lib/systemd/systemd',
  '/usr/bin/cat',
  '/sbin/init',
  '/usr/bin/dpkg',
  '/run/current-system/systemd/lib/systemd/systemd',
  '/run/current-system/sw/bin/bash',
];
const configFolder = '/etc/ld.so.conf.d';

/** GNU triplets in the names of files below /etc/ld.so.conf.d. */
const triplets: Readonly<Record<string, Architecture>> = {
  'x86_64-linux-gnu': 'amd64',
  'aarch64-linux-gnu': 'arm64',
  'arm-linux-gnueabihf': 'armhf',
  'arm-linux-gnueabi': 'armel',
  'i386-linux-gnu': 'i386',
  'riscv64-linux-gnu': 'riscv64',
  'powerpc64le-linux-gnu': 'ppc64el',
  's390x-linux-gnu': 's390x',
  'mips64el-linux-gnuabi64': 'mips64el',
};

/** Every witness found; throws where damage hides one. */
export function findArchitectures(view: RootView, context: FactContext): Witness[] {
  return [...fromSystem(view, context), ...fromPackages(context), ...fromPrograms(view), ...fromConfiguration(view)];
}

/** What a NixOS system states, else what most witnesses say; undefined without any, or if two say as many. */
export function chooseArchitecture(witnesses: readonly Witness[]): Architecture | undefined {
  const stated = witnesses.find(({ source }) => source === 'system');
  if (stated) return stated.architecture;
  const votes = new Map<Architecture, number>();
  for (const { architecture } of witnesses) votes.set(architecture, (votes.get(architecture) ?? 0) + 1);
  const [first, second] = [...votes].sort(([, a], [, b]) => b - a);
  return first && first[1] !== second?.[1] ? first[0] : undefined;
}

function fromSystem(view: RootView, { image }: FactContext): Witness[] {
  const stated = image.nixos && readSystemArchitecture(view, image.nixos.toplevel);
  return stated ? [{ source: 'system', ...stated }] : [];
}

function fromPackages(context: FactContext): Witness[] {
  if (context.image.nixos) return [];
  return context
    .get('packages')
    .value.packages.filter(({ name, architecture }) => packageNames.has(name) && architecture !== 'all')
    .map(({ architecture, location }) => ({ source: 'dpkg', architecture, location }));
}

function fromPrograms(view: RootView): Witness[] {
  const seen = new Set<string>();
  return programs.flatMap((path): Witness[] => {
    const found = view.find(path);
    if (!found || seen.has(found.path) || found.fileSystem.stat(found.node).type !== 'file') return [];
    seen.add(found.path);
    const source = found.fileSystem.open(found.node, view.sourceLabel(found));
    if (!detectElf(source)) return [];
    const architecture = debianArchitecture(openElf(source).header);
    return architecture === 'unknown' ? [] : [{ source: 'elf', architecture, location: view.locate(path) }];
  });
}

function fromConfiguration(view: RootView): Witness[] {
  return (view.list(configFolder) ?? []).flatMap(({ name }): Witness[] => {
    const architecture = name.endsWith('.conf') ? triplets[name.slice(0, -'.conf'.length)] : undefined;
    return architecture ? [{ source: 'etc', architecture, location: view.locate(`${configFolder}/${name}`) }] : [];
  });
}
