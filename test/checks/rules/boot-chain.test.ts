/** The links of the boot chain: what each takes for broken, weak or unknown, on a disk that is right but for one thing. */
import { describe, expect, it } from 'vitest';
import { bootLinks } from '../../../src/checks/rules/boot/links.ts';
import { bootChain } from '../../../src/checks/rules/boot-chain.ts';
import type { BootEntryFact, BootFact, FirmwareProgram, FstabMount } from '../../../src/facts/boot/boot-fact.ts';
import type { MountedUsage } from '../../../src/facts/usage/usage-fact.ts';
import { espDevice, goodBoot, rootDevice } from '../good-boot.ts';
import { kernel } from '../good-node.ts';
import { judge } from '../judge.ts';
import { emptyKernel, file, place, StubFacts, type StubValues, unit } from '../stub-facts.ts';

const goodEntry = goodBoot.entry as BootEntryFact;
const [goodProgram] = goodBoot.firmwarePrograms as readonly [FirmwareProgram];
const [goodMount] = goodBoot.fstab as readonly [FstabMount];

const program = (path: string, architecture = 'amd64', interpreter?: string): NonNullable<StubValues['binary']> => ({
  [path]: {
    path,
    state: 'present',
    kind: 'elf',
    elf: {
      class: 64,
      endianness: 'little',
      machine: 62,
      architecture,
      type: 'executable',
      linkage: 'dynamic',
      needed: [],
      ...(interpreter === undefined ? {} : { interpreter }),
    },
    location: place(path),
  },
});

const MiB = 1024 * 1024;
const used = (path: string, available: number, change: Partial<MountedUsage> = {}): MountedUsage => ({
  path,
  format: path === '/boot' ? 'vfat' : 'ext4',
  location: { source: path === '/boot' ? 'disk!p1' : 'disk!p2' },
  size: 1 << 30,
  available,
  ...change,
});
const usage = (...mounts: readonly MountedUsage[]): StubValues => ({ usage: { '': { mounts } } });

const good: StubValues = {
  ...usage(used('/', 512 * MiB, { freeNodes: 10_000 }), used('/boot', 100 * MiB)),
  boot: { '': goodBoot },
  kernel: { '': { ...emptyKernel, kernels: [kernel] } },
  file: { '/sbin/init': file('/sbin/init', { mode: 0o755 }) },
  binary: program('/sbin/init'),
  startup: starting('serial-getty@ttyS0.service'),
};

function starting(...units: readonly string[]): NonNullable<StubValues['startup']> {
  const table = Object.fromEntries(units.map((one) => [one, { unit: one, state: 'boot', because: [] } as const]));
  return { '': { units: table, defaultTarget: { unit: 'multi-user.target', location: place('/etc/default.target') } } };
}
const getty = (loadState: 'masked' | 'not-found' | 'loaded', ...started: readonly string[]): StubValues => ({
  startup: starting(...started),
  unit: { 'serial-getty@ttyS0.service': unit('serial-getty@ttyS0.service', { loadState }) },
});

const link = (id: string, values: StubValues = {}) =>
  judge('rule', { name: 'boot-chain', links: [id] }, new StubFacts({ ...good, ...values }));
const boot = (change: Partial<BootFact>): StubValues => ({ boot: { '': { ...goodBoot, ...change } } });
const entry = (change: Partial<BootEntryFact>): StubValues => boot({ entry: { ...goodEntry, ...change } });
const kernelFile = (change: object): StubValues =>
  entry({ kernel: { ...(goodEntry.kernel as NonNullable<BootEntryFact['kernel']>), ...change } });
const rootIs = (text: string, by: NonNullable<BootEntryFact['root']>['by'], device?: string, more = {}): StubValues =>
  entry({ ...more, root: { text, by, location: place('/entry', 3), ...(device === undefined ? {} : { device }) } });
const nowhere = { text: 'UUID=FFFF-0000', by: 'uuid', location: place('/etc/fstab', 8) } as const;
const mount = (change: Partial<FstabMount>): StubValues => boot({ fstab: [{ ...goodMount, ...change }] });

describe('on a disk that boots', () => {
  it.each(bootLinks.map(({ id }) => id))('%s holds', async (id) => {
    expect((await link(id)).status).toBe(['device-tree', 'environment', 'slots'].includes(id) ? 'skip' : 'pass');
  });
});

/** Link, what is, the verdict, and a part of its sentence. */
const cases: readonly (readonly [string, string, StubValues, string, RegExp])[] = [
  [
    'firmware',
    'a loader for another machine',
    boot({ firmwarePrograms: [{ ...goodProgram, architecture: 'arm64' }] }),
    'fail',
    /a program for arm64, the system is amd64/,
  ],
  [
    'firmware',
    'a loader under the name of another machine',
    boot({ firmwarePrograms: [{ ...goodProgram, name: 'bootaa64.efi' }] }),
    'fail',
    /looks for EFI\/BOOT\/BOOTX64.EFI/,
  ],
  [
    'firmware',
    'a text in place of the loader',
    boot({
      firmwarePrograms: [
        { location: goodProgram.location, name: 'bootx64.efi', state: 'read', reason: 'there is no PE header' },
      ],
    }),
    'fail',
    /no EFI program/,
  ],
  [
    'firmware',
    'a driver in place of the loader',
    boot({ firmwarePrograms: [{ ...goodProgram, subsystem: 'efi-runtime-driver' }] }),
    'fail',
    /no EFI application/,
  ],
  [
    'room',
    'a full root',
    usage(used('/', 3 * MiB)),
    'fail',
    /^\/ has 3 MiB left, and the first boot writes a journal of 16/,
  ],
  [
    'room',
    'a root without inodes',
    usage(used('/', 512 * MiB, { freeNodes: 3 })),
    'fail',
    /room for 3 more files only/,
  ],
  ['room', 'an ESP for one kernel', usage(used('/boot', 40 * MiB)), 'fail', /40 MiB left, less than a second kernel/],
  ['room', 'an ESP for two', usage(used('/boot', 47 * MiB)), 'pass', /\/boot 47 MiB/],
  [
    'room',
    'a full root that grows',
    { ...usage(used('/', 0)), ...mount({ path: '/', options: ['x-systemd.growfs'] }) },
    'skip',
    /no file system/,
  ],
  [
    'room',
    'a full root that is only read',
    { ...usage(used('/', 0)), ...mount({ path: '/', options: ['ro'] }) },
    'skip',
    /no file system/,
  ],
  [
    'room',
    'a full file system without a disk',
    { ...usage(used('/', 0)), ...boot({ table: 'none' }) },
    'skip',
    /the disk it goes on/,
  ],
  ['room', 'an archive', usage(), 'skip', /no file system/],
  [
    'environment',
    'a block that is not there',
    environment('missing'),
    'fail',
    /from \/EFI\/BOOT\/grubenv, which is not there/,
  ],
  ['environment', 'a text in its place', environment('invalid'), 'fail', /which is no environment block/],
  ['environment', 'a block', environment('present'), 'pass', /grubenv/],
  ['slots', 'an empty slot', slots('empty', 1 << 30, ['p2']), 'pass', /p2 "platform" boots; p3 "b" is empty/],
  [
    'slots',
    'an empty slot that is too small',
    slots('empty', 1 << 29, ['p2']),
    'fail',
    /an update of that size does not fit/,
  ],
  [
    'slots',
    'a second root in a smaller place',
    slots('root', 1 << 29, ['p2', 'p3']),
    'fail',
    /p3 "b" is 536870912 bytes smaller than p2 "platform"/,
  ],
  ['slots', 'a second root', slots('root', 1 << 30, ['p2', 'p3']), 'pass', /p3 "b" has an entry/],
  ['slots', 'a second root that nothing starts', slots('root', 1 << 30, ['p2']), 'fail', /no boot entry starts p3 "b"/],
  [
    'slots',
    'a second root that the initrd finds',
    slots('root', 1 << 30, ['']),
    'pass',
    /p3 "b" is chosen by the initrd/,
  ],
  [
    'initrd',
    'a section of a unified image',
    entry({
      initrds: [
        {
          text: '/EFI/Linux/a.efi!.initrd',
          named: place('/EFI/Linux/a.efi'),
          location: { source: 'disk!p1:/EFI/Linux/a.efi!.initrd' },
          state: 'present',
          size: 9,
          format: 'zstd',
        },
      ],
    }),
    'pass',
    /^zstd at \/EFI\/Linux\/a\.efi!\.initrd$/,
  ],
  [
    'entry',
    'a script of U-Boot that asks the board',
    {
      boot: {
        '': withoutEntry({
          menus: [
            {
              loader: 'u-boot',
              location: place('/boot/boot.scr'),
              entries: 2,
              roots: ['', ''],
              environments: [],
              undecided: { text: 'which kernel', location: place('/boot/boot.scr', 4) },
            },
          ],
        }),
      },
    },
    'unknown',
    /decides on the board what it starts: which kernel/,
  ],
  ['firmware', 'an empty ESP', boot({ firmwarePrograms: [] }), 'fail', /p1 "efi" has no EFI\/BOOT/],
  [
    'firmware',
    'no ESP',
    boot({ firmwarePrograms: [], systemPartitions: [], devices: [rootDevice] }),
    'fail',
    /no EFI system partition/,
  ],
  [
    'firmware',
    'a BIOS boot partition and no ESP',
    boot({
      firmwarePrograms: [],
      systemPartitions: [],
      devices: [
        {
          ...espDevice,
          partition: {
            ...(espDevice.partition as NonNullable<typeof espDevice.partition>),
            type: '21686148-6449-6e6f-744e-656564454649',
          },
        },
        rootDevice,
      ],
    }),
    'skip',
    /nothing here is made for UEFI/,
  ],
  [
    'firmware',
    'a loader that cannot be read',
    boot({
      firmwarePrograms: [
        {
          location: goodProgram.location,
          name: 'bootx64.efi',
          state: 'unreadable',
          reason: 'its cluster chain is cut',
        },
      ],
    }),
    'unknown',
    /cluster chain/,
  ],
  [
    'firmware',
    'an ESP that cannot be read',
    boot({ firmwarePrograms: [], devices: [{ ...espDevice, content: 'unreadable' }, rootDevice] }),
    'unknown',
    /could not be read/,
  ],
  [
    'entry',
    'a loader without configuration',
    { boot: { '': withoutEntry({ menus: [] }) } },
    'fail',
    /systemd-boot has no configuration/,
  ],
  [
    'entry',
    'a menu without an entry of this root',
    { boot: { '': withoutEntry({}) } },
    'fail',
    /no entry that starts this system/,
  ],
  [
    'entry',
    'unified kernels only',
    { boot: { '': withoutEntry({ menus: [], unifiedKernels: [place('/EFI/Linux/a.efi')] }) } },
    'unknown',
    /decided by the boot loader/,
  ],
  [
    'entry',
    'a loader that is not known',
    { boot: { '': withoutEntry({ menus: [], firmwarePrograms: [] }) } },
    'unknown',
    /other firmware starts this disk/,
  ],
  [
    'kernel',
    'a kernel that is not there',
    kernelFile({ state: 'missing' }),
    'fail',
    /starts the kernel \/vmlinuz-6.12.107, which is not there/,
  ],
  ['kernel', 'an empty kernel', kernelFile({ size: 0 }), 'fail', /is empty/],
  ['kernel', 'a kernel for another machine', kernelFile({ architecture: 'arm64' }), 'fail', /is made for arm64/],
  [
    'kernel',
    'a kernel that cannot be read',
    kernelFile({ state: 'unreadable', reason: 'damaged' }),
    'unknown',
    /damaged/,
  ],
  [
    'initrd',
    'an initrd that is not there',
    entry({ initrds: [{ ...initrdOf(), state: 'missing' }] }),
    'fail',
    /starts the initrd/,
  ],
  [
    'initrd',
    'a text in place of the initrd',
    entry({ initrds: [{ ...initrdOf(), format: 'unknown' }] }),
    'fail',
    /is no initrd/,
  ],
  ['initrd', 'no initrd', entry({ initrds: [] }), 'skip', /names no initrd/],
  [
    'release',
    'modules of another build',
    { kernel: { '': { ...emptyKernel, kernels: [{ ...kernel, release: '6.1.0' }] } } },
    'fail',
    /is 6.12.107, but the root has modules of 6.1.0 only/,
  ],
  ['release', 'no modules', { kernel: { '': emptyKernel } }, 'unknown', /no directory of kernel modules/],
  [
    'root',
    'a root that no partition has',
    rootIs('PARTUUID=22222222-0000-4000-8000-000000000002', 'partuuid'),
    'fail',
    /names no partition of the image/,
  ],
  ['root', 'the ESP as root', rootIs('/dev/vda1', 'kernel name', 'p1'), 'fail', /is p1 "efi", not the root/],
  ['root', 'the name of a SATA disk', rootIs('/dev/sda2', 'kernel name', 'p2'), 'fail', /on virtio it is \/dev\/vda2/],
  ['root', 'the name of a virtio disk', rootIs('/dev/vda2', 'kernel name', 'p2'), 'pass', /is p2/],
  [
    'root',
    'a UUID without an initrd',
    rootIs('UUID=00000000-0000-4000-8000-000000000002', 'uuid', 'p2', { initrds: [] }),
    'fail',
    /cannot be resolved by the kernel alone/,
  ],
  ['root', 'a mapped device', rootIs('/dev/mapper/root', 'mapped'), 'unknown', /made by the initrd/],
  ['mounts', 'a device that no partition is', mount({ device: nowhere }), 'fail', /UUID=FFFF-0000 at \/boot/],
  ['mounts', 'the same, noauto', mount({ device: nowhere, options: ['noauto'] }), 'skip', /no block device/],
  [
    'mounts',
    'a label, and a partition whose own nobody can read',
    boot({
      devices: [
        ...goodBoot.devices,
        { name: 'p9', title: 'p9', location: rootDevice.location, size: 1, content: 'unreadable' },
      ],
      fstab: [{ ...goodMount, device: { ...nowhere, text: 'LABEL=data', by: 'label' } }],
    }),
    'unknown',
    /whether LABEL=data of fstab is p9 cannot be told/,
  ],
  ['mounts', 'swap that is not there', mount({ device: nowhere, path: 'none', type: 'swap' }), 'fail', /swaps on UUID/],
  [
    'mounts',
    'a tag that nobody knows',
    mount({ device: { ...nowhere, text: 'UUDI=FFFF-0000', by: 'unknown tag' } }),
    'fail',
    /UUDI=FFFF-0000 at \/boot, but no partition/,
  ],
  [
    'mounts',
    'an identifier with other capitals',
    mount({ device: { ...goodMount.device, text: 'UUID=abcd-1234', by: 'uuid', spelled: 'ABCD-1234' } }),
    'fail',
    /UUID=abcd-1234 at \/boot, but capitals count: p1 "efi" is ABCD-1234/,
  ],
  [
    'root',
    'an identifier with other capitals',
    entry({ root: { text: 'PARTUUID=5A', by: 'partuuid', location: place('/entry', 3), device: 'p2', spelled: '5a' } }),
    'fail',
    /but not by most initrds/,
  ],
  ['mounts', 'another type than the partition has', mount({ type: 'ext4' }), 'fail', /as ext4, but it holds vfat/],
  [
    'mounts',
    'the name of a SATA disk',
    mount({ device: { ...goodMount.device, text: '/dev/sda1', by: 'kernel name' } }),
    'fail',
    /on virtio/,
  ],
  ['mounts', 'another partition than the root as root', mount({ path: '/' }), 'fail', /has p1 "efi" as \//],
  ['init', 'no init', { file: {} }, 'fail', /nothing to start/],
  ['init', 'an init nobody may execute', { file: { '/sbin/init': file('/sbin/init') } }, 'fail', /not executable/],
  ['init', 'an init for another machine', { binary: program('/sbin/init', 'arm64') }, 'fail', /is a program for arm64/],
  [
    'init',
    'an init without its interpreter',
    { binary: program('/sbin/init', 'amd64', '/lib64/ld.so') },
    'fail',
    /needs \/lib64\/ld.so/,
  ],
  [
    'init',
    'another init on the command line',
    boot({ init: '/nix/store/x/init' }),
    'fail',
    /\/nix\/store\/x\/init is not there/,
  ],
  ['default-target', 'a target that leads nowhere', { startup: { '': { units: {} } } }, 'fail', /leads to no unit/],
  [
    'identifiers',
    'slots copied from each other',
    boot({ devices: [espDevice, rootDevice, { ...rootDevice, name: 'p3', title: 'p3 "b"' }] }),
    'fail',
    /p2 "platform" and p3 "b" have the same UUID/,
  ],
  [
    'console',
    'a masked getty',
    getty('masked'),
    'fail',
    /nobody can log in at console=ttyS0: serial-getty@ttyS0.service is masked/,
  ],
  ['console', 'no getty', getty('not-found'), 'fail', /serial-getty@ttyS0.service is not in the image/],
  ['console', 'a getty that nothing starts', getty('loaded'), 'fail', /nothing starts serial-getty@ttyS0.service/],
  ['console', 'a getty of another kind', getty('masked', 'getty@ttyS0.service'), 'pass', /ttyS0/],
  [
    'console',
    'a console that swallows all',
    {
      ...getty('not-found'),
      ...entry({ commandLine: { text: 'console=tty0 console=ttynull', location: place('/entry', 3) } }),
    },
    'pass',
    /tty0, ttynull/,
  ],
  [
    'console',
    'a port of another machine',
    entry({ commandLine: { text: 'console=ttyAMA0,115200', location: place('/entry', 3) } }),
    'fail',
    /no port of amd64/,
  ],
];

function withoutEntry(change: Partial<BootFact>): BootFact {
  const { entry: _, ...rest } = goodBoot;
  return { ...rest, ...change };
}

function initrdOf(): BootEntryFact['initrds'][number] {
  const [initrd] = goodEntry.initrds;
  if (!initrd) throw new Error('the good disk has no initrd');
  return initrd;
}

describe.each(cases)('%s: %s', (id, _, values, status, sentence) => {
  it(`ends in ${status}`, async () => {
    const verdict = await link(id, values);
    expect(verdict.status).toBe(status);
    const text = 'message' in verdict ? verdict.message : 'reason' in verdict ? verdict.reason : verdict.note;
    expect(text).toMatch(sentence);
  });
});

describe('how grave it is', () => {
  const gravity = async (id: string, values: StubValues) => {
    const verdict = await link(id, values);
    return verdict.status === 'fail' ? (verdict.severity ?? 'must') : verdict.status;
  };

  it.each([
    ['root', rootIs('/dev/sda2', 'kernel name', 'p2'), 'should'],
    ['root', rootIs('PARTUUID=x', 'partuuid'), 'must'],
    ['mounts', mount({ device: nowhere }), 'must'],
    ['mounts', mount({ device: nowhere, options: ['nofail'] }), 'should'],
    ['mounts', mount({ device: nowhere, path: 'none', type: 'swap' }), 'should'],
    ['identifiers', boot({ devices: [espDevice, rootDevice, { ...rootDevice, name: 'p3', title: 'p3' }] }), 'must'],
    [
      'identifiers',
      boot({ devices: [espDevice, { ...espDevice, name: 'p3', partition: rootDevice.partition as never }], fstab: [] }),
      'should',
    ],
  ] as const)('%s, case %#', async (id, values, severity) => {
    expect(await gravity(id, values)).toBe(severity);
  });
});

describe('an image that is no disk', () => {
  const none: StubValues = {
    boot: {
      '': {
        table: 'none',
        devices: [],
        systemPartitions: [],
        firmwarePrograms: [],
        unifiedKernels: [],
        menus: [],
        init: '/sbin/init',
        fstab: [],
      },
    },
  };

  it.each([
    'firmware',
    'entry',
    'kernel',
    'initrd',
    'device-tree',
    'release',
    'root',
    'mounts',
    'identifiers',
    'console',
  ])('has no link %s', async (id) => {
    expect((await link(id, none)).status).toBe('skip');
  });
});

describe('the rule', () => {
  it('refuses a link that does not exist, and none at all', () => {
    expect(bootChain.cannotFail?.({ links: ['kernal'] })).toMatch(
      /there is no link kernal; there are identifiers, firmware/,
    );
    expect(bootChain.cannotFail?.({ links: [] })).toBe('no link is named');
    expect(bootChain.cannotFail?.({ links: ['kernel'] })).toBeUndefined();
  });

  it('cannot tell where the files of the loader are damaged', async () => {
    const cause = { level: 'damage', code: 'fat/x', message: 'a chain is cut' } as const;
    const facts = new StubFacts(good, { boot: [{ cause, keys: ['entry'] }] });
    const verdict = await judge('rule', { name: 'boot-chain', links: ['kernel', 'initrd'] }, facts);
    expect(verdict).toMatchObject({ status: 'unknown', kind: 'inconclusive' });
  });
});

function environment(state: 'present' | 'missing' | 'invalid'): StubValues {
  const [menu] = goodBoot.menus as readonly [BootFact['menus'][number]];
  const file = { named: place('/EFI/BOOT/grub.cfg', 1), location: place('/EFI/BOOT/grubenv'), state };
  return boot({ menus: [{ ...menu, environments: [file] }] });
}

function slots(state: 'root' | 'empty', size: number, roots: readonly string[]): StubValues {
  const [menu] = goodBoot.menus as readonly [BootFact['menus'][number]];
  const other = { ...rootDevice, name: 'p3', title: 'p3 "b"', size };
  return boot({
    devices: [espDevice, rootDevice, other],
    menus: [{ ...menu, roots }],
    slots: [
      { name: 'p2', title: rootDevice.title, state: 'chosen' },
      { name: 'p3', title: other.title, state },
    ],
  });
}
