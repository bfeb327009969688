/** The fact `boot`: partition table, firmware's programs, boot entry with its files, `root=`, fstab. Headers are read, nothing else. */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { BootEntry, BootMenu } from '../../root/boot-entries/boot-entry.ts';
import { findParameter, parseCommandLine } from '../../root/boot-entries/command-line.ts';
import { parseFstab } from '../../root/fstab.ts';
import type { BootSetup, ImageFacts } from '../../root/image-facts.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import type { BootEntryFact, BootFact, BootMenuFact, FstabMount } from './boot-fact.ts';
import { resolveReference, toBootDevice } from './describe-devices.ts';
import { LoaderDisk } from './entry-files.ts';
import { isSystemPartition, listUnifiedKernels, readFirmwarePrograms } from './firmware-programs.ts';

const fstabPath = '/etc/fstab';

export const bootReader: FactReader<'boot'> = {
  id: 'boot',
  title: 'What starts the image: partitions, boot loader, its entry, kernel and initrd, root device, fstab',
  reads: ['EFI/BOOT/*.EFI and the files of the boot entry, on the EFI system partition or the root', fstabPath],
  needs: [],
  read: readBoot,
};

function readBoot(view: RootView, { image }: FactContext): FactResult<BootFact> {
  const setup = image.boot;
  const gaps: Gap[] = (image.bootDamage ?? []).map((cause) => ({ cause, keys: ['entry'] }));
  const fstab = setup ? readMounts(view, setup, gaps) : [];
  const init = findInit(image);
  if (!setup) return result({ table: 'none', devices: [], ...nothing, init, fstab }, gaps);
  const { devices, rootDevice, menus, entry } = setup;
  const partitions = devices.filter(isSystemPartition);
  const programs = partitions.flatMap((device) => readFirmwarePrograms(device, view.limits));
  return result(
    {
      table: devices.find(({ partition }) => partition)?.partition?.table ?? 'none',
      devices: devices.map(toBootDevice),
      root: rootDevice.name,
      systemPartitions: partitions.map(({ name }) => name),
      firmwarePrograms: programs,
      unifiedKernels: partitions.flatMap((device) => listUnifiedKernels(device, view.limits)),
      menus: menus.map((menu) => describeMenu(menu, setup)),
      ...(setup.slots && setup.slots.length > 0 ? { slots: setup.slots } : {}),
      ...(entry ? { entry: describeEntry(entry, setup, view) } : {}),
      init,
      fstab,
    },
    gaps,
  );
}

const nothing = { systemPartitions: [], firmwarePrograms: [], unifiedKernels: [], menus: [] } as const;

function result(value: BootFact, gaps: readonly Gap[]): FactResult<BootFact> {
  return { value, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

/** What the initrd starts; on NixOS every loader is told the system's own, as is a container that has no loader. */
function findInit({ commandLine, nixos }: ImageFacts): string {
  const parameters = parseCommandLine(commandLine?.text ?? '');
  const given = parameters.findLast(({ name }) => name === 'init')?.value;
  if (given?.startsWith('/')) return given;
  return nixos ? `${nixos.toplevel}/init` : '/sbin/init';
}

function describeMenu(menu: BootMenu, { devices, rootDevice }: BootSetup): BootMenuFact {
  const { loader, location, entries, environments = [], undecided } = menu;
  const roots = entries.map(({ options }) => {
    const root = findParameter(options?.text ?? '', 'root');
    if (!options || root === undefined) return '';
    return resolveReference(root, options.location, devices, rootDevice).device ?? '';
  });
  return { loader, location, entries: entries.length, roots, environments, ...(undecided ? { undecided } : {}) };
}

function describeEntry(entry: BootEntry, { devices, rootDevice }: BootSetup, view: RootView): BootEntryFact {
  const { loader, id, linux, initrd, deviceTree, options, source } = entry;
  const disk = new LoaderDisk(source, devices, view.limits);
  const root = options && parseCommandLine(options.text).findLast(({ name }) => name === 'root')?.value;
  return {
    loader,
    id,
    ...(options ? { commandLine: options } : {}),
    ...(linux ? { kernel: disk.findKernel(linux) } : {}),
    initrds: initrd.map((line) => disk.findInitrd(line)),
    ...(deviceTree ? { deviceTree: disk.find(deviceTree).file } : {}),
    ...(options && root !== undefined ? { root: resolveReference(root, options.location, devices, rootDevice) } : {}),
  };
}

/** Damage to fstab has the key `fstab`. */
function readMounts(view: RootView, { devices, rootDevice }: BootSetup, gaps: Gap[]): FstabMount[] {
  try {
    const { entries } = parseFstab(view.readText(fstabPath) ?? '');
    return entries.map(({ device, path, type, options, line }) => {
      const location = view.locate(fstabPath, line);
      return { path, type, options, location, device: resolveReference(device, location, devices, rootDevice) };
    });
  } catch (thrown) {
    gaps.push({ cause: { location: view.locate(fstabPath), ...damageFrom(asImageError(thrown)) }, keys: ['fstab'] });
    return [];
  }
}
