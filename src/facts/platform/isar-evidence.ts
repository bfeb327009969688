/**
 * What an ISAR build leaves in an image, and plain Debian does not have: fields of os-release, the header of its fstab, its own
 * packages, package lists beside the image, left-over mount points. Each alone is enough on a Debian root.
 */
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, SideFile } from '../fact.ts';
import type { OsRelease } from './os-release.ts';

export interface Evidence {
  readonly text: string;
  readonly location: Location;
}

/** Fields that ISAR writes as one set: git description, recipe description, recipe version. */
const buildFields = ['BUILD_ID', 'VARIANT', 'VARIANT_VERSION'] as const;
const fstabHeader = '# Begin /etc/fstab';
/** Binary packages of ISAR's own recipes, and of isar-cip-core's. */
const packages = new Set([
  ...['sshd-regen-keys', 'expand-on-first-boot', 'enable-fsck', 'isar-exclude-docs', 'isar-disable-apt-cache'],
  ...['isar-cfg-localepurge', 'isar-cfg-rootpw', 'initramfs-fsck-hook', 'initramfs-abrootfs-hook'],
  ...['initramfs-verity-hook', 'initramfs-overlay-hook', 'immutable-rootfs', 'hostname-customization'],
]);
const leftOvers: readonly { readonly path: string; readonly text: string }[] = [
  { path: '/isar-apt', text: 'a mount point of the ISAR build was left behind' },
  { path: '/isar-work', text: 'a mount point of the ISAR build was left behind' },
  { path: '/base-apt', text: 'a mount point of the ISAR build was left behind' },
  { path: '/etc/apt/sources.list.d/isar-apt.list', text: "the ISAR build's package list was left behind" },
  { path: '/etc/apt/sources.list.d/base-apt.list', text: "the ISAR build's package list was left behind" },
  { path: '/usr/share/immutable-data', text: 'isar-cip-core keeps the content of excluded directories here' },
  { path: '/usr/share/doc/sshd-regen-keys', text: "ISAR's package sshd-regen-keys is installed" },
];

const sideTexts: Readonly<Partial<Record<SideFile['kind'], string>>> = {
  manifest: 'an ISAR package manifest lies beside the image',
  'dpkg-status': 'an exported dpkg status lies beside the image',
};

/** All that is found; throws where damage hides it. */
export function findIsarEvidence(view: RootView, context: FactContext, osRelease: OsRelease | undefined): Evidence[] {
  return [
    ...(osRelease ? fromOsRelease(view, osRelease) : []),
    ...fromFstab(view),
    ...fromPackages(context),
    ...leftOvers.flatMap(({ path, text }) => (view.find(path) ? [{ text, location: view.locate(path) }] : [])),
    ...context.image.sideFiles.flatMap(({ name, kind }) => {
      const text = sideTexts[kind];
      return text === undefined ? [] : [{ text, location: { source: name } }];
    }),
  ];
}

function fromOsRelease(view: RootView, { values, lines, path }: OsRelease): Evidence[] {
  const evidence: Evidence[] = [];
  const at = (field: string): Location => view.locate(path, lines[field]);
  if (buildFields.every((field) => values[field]))
    evidence.push({ text: `os-release has ${buildFields.join(', ')}, as ISAR writes them`, location: at('BUILD_ID') });
  if (values.IMAGE_UUID)
    evidence.push({ text: 'os-release has IMAGE_UUID, as isar-cip-core writes it', location: at('IMAGE_UUID') });
  return evidence;
}

function fromFstab(view: RootView): Evidence[] {
  const text = view.readText('/etc/fstab');
  if (!text?.startsWith(fstabHeader)) return [];
  return [{ text: `fstab begins with "${fstabHeader}", as ISAR writes it`, location: view.locate('/etc/fstab', 1) }];
}

function fromPackages(context: FactContext): Evidence[] {
  return context
    .get('packages')
    .value.packages.filter(({ name }) => packages.has(name))
    .map(({ name, location }) => ({ text: `ISAR's package ${name} is installed`, location }));
}
