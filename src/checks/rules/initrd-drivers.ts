/** Before the root is mounted the kernel has the drivers of its bus and its file system: built in, or as modules of the initrd. */
import type { BootFact } from '../../facts/boot/boot-fact.ts';
import { at, fail, inconclusive, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  /** Buses of the machine, of which each must work; absent, one of all is enough. */
  readonly buses?: readonly string[];
}

/** Drivers that together reach a disk; of an inner list one is enough. */
export const buses: Readonly<Record<string, readonly (readonly string[])[]>> = {
  virtio: [['virtio_blk'], ['virtio_pci', 'virtio_mmio']],
  'virtio-scsi': [['virtio_scsi'], ['sd_mod'], ['virtio_pci', 'virtio_mmio']],
  nvme: [['nvme']],
  sata: [['ahci', 'ata_piix', 'ahci_platform'], ['sd_mod']],
  mmc: [['mmc_block']],
  usb: [['usb_storage', 'uas'], ['sd_mod'], ['xhci_pci', 'xhci_plat_hcd', 'ehci_pci']],
};

/** The driver of a file system, by its format. */
const drivers: Readonly<Record<string, string>> = {
  ext2: 'ext4',
  ext3: 'ext4',
  ext4: 'ext4',
  btrfs: 'btrfs',
  xfs: 'xfs',
  squashfs: 'squashfs',
  erofs: 'erofs',
  f2fs: 'f2fs',
};

/** Words of the command line that call for a driver of the device mapper. */
const mappers: readonly { readonly pattern: RegExp; readonly driver: string }[] = [
  { pattern: /(?:^|\s)(?:roothash|usrhash|systemd\.verity_root_data|cip\.verity_root_options)=/, driver: 'dm_verity' },
  { pattern: /(?:^|\s)(?:rd\.)?luks\.(?:uuid|name)=/, driver: 'dm_crypt' },
];

export const initrdDrivers: Rule<Options> = {
  id: 'initrd-drivers',
  title: 'The drivers of the root device and its file system are built in or in the initrd',
  needs: ['boot', 'initrd', 'kernel'],
  options: { 'buses?': 'list' },
  cannotFail: ({ buses: wanted = [] }) => {
    const unknown = wanted.find((name) => !Object.hasOwn(buses, name));
    return unknown === undefined ? undefined : `there is no bus ${unknown}; there are ${Object.keys(buses).join(', ')}`;
  },
  evaluate: ({ buses: wanted }, facts) => {
    const boot = facts.get('boot', '', ['entry']);
    const release = boot.entry?.kernel?.release?.text;
    if (release === undefined) return skip('there is no boot entry with a kernel whose release is known');
    const initrd = facts.get('initrd');
    if (initrd.state === 'closed' || initrd.state === 'unreadable')
      return inconclusive(`the initrd could not be unpacked: ${initrd.reason ?? 'nobody did'}`, initrd.location);
    const { kernels } = facts.get('kernel', '', []);
    const evidence = initrd.location ? [at(initrd.location)] : [];
    const own = initrd.kernels.find((one) => one.release === release);
    if (!own && initrd.kernels.length > 0) {
      const found = initrd.kernels.map((one) => one.release).join(', ');
      return fail(`the initrd has modules of ${found}, but the kernel that boots is ${release}`, {
        expected: release,
        found,
        evidence,
      });
    }
    const modules = new Set(own?.modules);
    const builtin = kernels.find((one) => one.release === release)?.modules ?? {};
    const has = (name: string): boolean => modules.has(name) || builtin[name]?.state === 'builtin';
    const reached = Object.entries(buses).filter(([, parts]) => parts.every((one) => one.some(has)));
    const names = reached.map(([name]) => name);
    const missing = [...missingBuses(names, wanted), ...neededDrivers(boot).filter((name) => !has(name))];
    if (missing.length === 0) return pass(`drivers for ${names.join(', ')}`, evidence);
    return fail(`the root cannot be mounted: neither kernel nor initrd has ${missing.join(', ')}`, {
      expected: missing.join(', '),
      found: names.length > 0 ? `drivers for ${names.join(', ')}` : 'no driver of a disk',
      evidence,
    });
  },
};

function missingBuses(reached: readonly string[], wanted: readonly string[] | undefined): readonly string[] {
  if (wanted === undefined) return reached.length > 0 ? [] : ['a driver of any disk'];
  return wanted.filter((name) => !reached.includes(name)).map((name) => `the drivers of ${name}`);
}

function neededDrivers({ devices, root, entry }: BootFact): readonly string[] {
  const format = devices.find(({ name }) => name === root)?.format ?? '';
  const driver = drivers[format];
  const line = entry?.commandLine?.text ?? '';
  return [
    ...(driver === undefined ? [] : [driver]),
    ...mappers.filter(({ pattern }) => pattern.test(line)).map((mapper) => mapper.driver),
  ];
}
