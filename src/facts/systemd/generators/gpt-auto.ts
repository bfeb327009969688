/**
 * systemd-gpt-auto-generator(8): mounts and swap for the partitions beside the root that have a type of their own (UAPI.2, discoverable
 * partitions) and that nothing else asks for. Devices are called by PARTUUID here; the machine counts its disks instead.
 * Not made: what encrypted partitions need, and the drop-ins that order growing, measuring and remounting.
 */
import { createHmac } from 'node:crypto';
import type { Location } from '../../../location.ts';
import { espType, xbootldrType } from '../../../root/gpt-types.ts';
import type { BootSetup } from '../../../root/image-facts.ts';
import type { Device } from '../../../root/layer.ts';
import { RootView } from '../../../root/root-view.ts';
import type { Partition } from '../../../volumes/volume.ts';
import { escapePath } from '../unit-name.ts';
import { type Generated, type GeneratedLink, type GeneratedUnit, nothing } from './generated.ts';

const generatorPaths = ['/etc', '/usr/local/lib', '/usr/lib'].map(
  (prefix) => `${prefix}/systemd/system-generators/systemd-gpt-auto-generator`,
);
const swapType = '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f';
const varType = '4d21b016-b534-45c2-a9fb-5c16e091fd2d';

interface MountRow {
  readonly type: string;
  readonly where: string;
  readonly title: string;
  readonly options: string;
}

/** In the order of the generator. */
const dataRows: readonly MountRow[] = [
  { type: '933ac7e1-2eb4-4f13-b844-0e14e2aef915', where: '/home', title: 'Home Partition', options: 'nodev,suid,exec' },
  {
    type: '3b8f8425-20e0-4f3b-907f-1a25a76f98e8',
    where: '/srv',
    title: 'Server Data Partition',
    options: 'nodev,suid,exec',
  },
  { type: varType, where: '/var', title: 'Variable Data Partition', options: 'nodev,suid,exec' },
  {
    type: '7ec6f557-3bc5-4aca-b293-16ef5df639d1',
    where: '/var/tmp',
    title: 'Temporary Data Partition',
    options: 'nodev,nosuid,exec',
  },
];

/** Attribute bits of a partition. */
const noAuto = 1n << 63n;
const readOnly = 1n << 60n;
const growFileSystem = 1n << 59n;

/** File systems that can tell the disk what they do not use, and those that are not to replay a journal when they are read-only. */
const discarding: ReadonlySet<string> = new Set(['btrfs', 'ext4', 'f2fs', 'xfs']);
const journaling: ReadonlySet<string> = new Set(['ext3', 'ext4', 'xfs']);

/**
 * Whether the firmware interface that loaders leave their variables in is there: systemd's own say which partition they came from;
 * of GRUB it depends on its modules, and nothing is mounted for it.
 */
const loaderKinds: Readonly<Record<string, 'names its partition' | 'no EFI'>> = {
  'systemd-boot': 'names its partition',
  firmware: 'names its partition',
  extlinux: 'no EFI',
  'u-boot': 'no EFI',
};

export interface GptAutoRequest {
  readonly boot: BootSetup;
  /** The lines of /etc/fstab that mean something. */
  readonly fstab: readonly { readonly path: string; readonly type: string }[];
  /** `root=` or the like decides the root. */
  readonly hasRoot: boolean;
  readonly usesSwap: boolean;
}

/** Nothing for a root that is no partition of a GPT, or without the generator. */
export function generateFromPartitions(view: RootView, request: GptAutoRequest): Generated {
  const { devices, rootDevice } = request.boot;
  if (rootDevice.partition?.table !== 'gpt' || !hasGenerator(view)) return nothing;
  const root = view.mounts.filter(({ path }) => path === '/');
  const maker = new Maker(new RootView(root, view.limits), devices, request);
  maker.addRoot();
  maker.addSwap();
  maker.addLoaderPartitions();
  for (const row of dataRows) maker.addData(row);
  return { units: maker.units, links: maker.links, masks: [] };
}

/** A link to /dev/null is a mask. */
function hasGenerator(view: RootView): boolean {
  const path = generatorPaths.find((each) => view.lstat(each) !== undefined);
  return path !== undefined && view.resolve(path).path !== '/dev/null' && view.exists(path) === 'yes';
}

class Maker {
  readonly units: GeneratedUnit[] = [];
  readonly links: GeneratedLink[] = [];
  /** The root alone: what is mounted over it does not count. */
  readonly #root: RootView;
  readonly #devices: readonly Device[];
  readonly #request: GptAutoRequest;

  constructor(root: RootView, devices: readonly Device[], request: GptAutoRequest) {
    this.#root = root;
    this.#devices = devices;
    this.#request = request;
  }

  addRoot(): void {
    const { hasRoot, boot } = this.#request;
    if (hasRoot || loaderKinds[boot.entry?.loader ?? ''] !== 'names its partition') return;
    const origin = originOf(boot.rootDevice);
    const lines = ['[Unit]', 'Description=Root Partition', documentation, 'Before=local-fs.target'];
    const mount = ['[Mount]', 'What=/dev/gpt-auto-root', 'Where=/', 'Options=ro,nodev,suid,exec'];
    this.#addUnit('-.mount', [...lines, `After=${blockTarget('/dev/gpt-auto-root')}`, ...mount], origin);
    this.#addLink('local-fs.target', 'Requires', '-.mount', origin);
    this.#addLink('local-fs.target', 'Wants', 'systemd-fsck-root.service', origin);
    this.#addLink('-.mount', 'Wants', 'systemd-pcrfs-root.service', origin);
  }

  addSwap(): void {
    const found = this.#find(swapType);
    if (!found || !this.#request.usesSwap || this.#request.fstab.some(({ type }) => type === 'swap')) return;
    const what = deviceOf(found.partition);
    const name = `${escapePath(what)}.swap`;
    const lines = ['[Unit]', 'Description=Swap Partition', documentation, `After=${blockTarget(what)}`];
    this.#addUnit(name, [...lines, '[Swap]', `What=${what}`], originOf(found.device));
    this.#addLink('swap.target', 'Wants', name, originOf(found.device));
  }

  addLoaderPartitions(): void {
    if (loaderKinds[this.#request.boot.entry?.loader ?? ''] === undefined) return;
    const extended = this.#find(xbootldrType);
    const esp = this.#find(espType);
    const isBootTaken = this.#isInFstab('/boot');
    if (extended && !isBootTaken && !this.#isBusy('/boot'))
      this.#addLoaderPartition(extended, '/boot', 'Boot Loader Partition');
    if (!esp || isBootTaken) return;
    const canUseBoot = !extended && this.#root.exists('/boot') === 'yes' && !this.#isBusy('/boot');
    const where = canUseBoot ? '/boot' : '/efi';
    if (where === '/efi' && (this.#isInFstab(where) || this.#isBusy(where))) return;
    this.#addLoaderPartition(esp, where, 'EFI System Partition Automount');
  }

  addData(row: MountRow): void {
    const found = this.#find(row.type);
    if (!found || this.#isBusy(row.where) || (row.type === varType && !this.#isOwnVar(found.partition))) return;
    const name = `${escapePath(row.where)}.mount`;
    const origin = originOf(found.device);
    this.#addMount(found, row.where, row.title, row.options, true);
    this.#addLink('local-fs.target', 'Requires', name, origin);
    if (row.type === varType) this.#addLink(name, 'Wants', 'systemd-pcrfs@var.service', origin);
    if ((attributesOf(found.partition) & growFileSystem) !== 0n)
      this.#addLink(name, 'Wants', `systemd-growfs@${escapePath(row.where)}.service`, origin);
  }

  #addLoaderPartition(found: Found, where: string, title: string): void {
    this.#addMount(found, where, title, 'nodev,nosuid,noexec,nosymfollow', false);
    const name = `${escapePath(where)}.automount`;
    const automount = ['[Automount]', `Where=${where}`, 'TimeoutIdleSec=120'];
    this.#addUnit(name, ['[Unit]', `Description=${title}`, documentation, ...automount], originOf(found.device));
    this.#addLink('local-fs.target', 'Wants', name, originOf(found.device));
  }

  #addMount({ device, partition }: Found, where: string, title: string, flags: string, isData: boolean): void {
    const what = deviceOf(partition);
    const format = device.content.state === 'filesystem' ? device.content.fileSystem.format : undefined;
    const isReadOnly = isData && (attributesOf(partition) & readOnly) !== 0n;
    const options = [
      ...(isData || format !== 'vfat' ? [] : ['umask=0077']),
      ...(isReadOnly && format !== undefined && journaling.has(format) ? ['norecovery'] : []),
      ...(isData && format !== undefined && discarding.has(format) ? ['discard'] : []),
      isReadOnly ? 'ro' : 'rw',
      flags,
    ];
    const check = `systemd-fsck@${escapePath(what)}.service`;
    const lines = [
      '[Unit]',
      `Description=${title}`,
      documentation,
      ...(isData ? ['Before=local-fs.target'] : []),
      ...(format !== undefined && this.#canCheck(format) ? [`Requires=${check}`, `After=${check}`] : []),
      `After=${blockTarget(what)}`,
      '[Mount]',
      `What=${what}`,
      `Where=${where}`,
      ...(format === undefined ? [] : [`Type=${format}`]),
      `Options=${options.join(',')}`,
    ];
    this.#addUnit(`${escapePath(where)}.mount`, lines, originOf(device));
  }

  #canCheck(format: string): boolean {
    return ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].some(
      (each) => this.#root.exists(`${each}/fsck.${format}`) === 'yes',
    );
  }

  /** The first partition of the type counts, unless it is encrypted or marked to be left alone. */
  #find(type: string): Found | undefined {
    for (const device of this.#devices) {
      const { partition } = device;
      if (partition?.table !== 'gpt' || partition.type !== type || (attributesOf(partition) & noAuto) !== 0n) continue;
      return device.content.state === 'unreadable' ? undefined : { device, partition };
    }
    return undefined;
  }

  #isInFstab(where: string): boolean {
    return this.#request.fstab.some(({ path }) => path === where || path === `${where}/`);
  }

  /** Files, or anything but a directory, keep the place. */
  #isBusy(where: string): boolean {
    if (this.#root.exists(where) !== 'yes') return this.#root.exists(where) === 'unreadable';
    const entries = this.#root.list(where);
    return entries === undefined || entries.length > 0;
  }

  /** A partition for /var belongs to one machine: its UUID is a hash of the machine's id. */
  #isOwnVar({ uuid }: Partition): boolean {
    const id = this.#root.readText('/etc/machine-id')?.trim() ?? '';
    return /^[0-9a-f]{32}$/.test(id) && machineUuid(id, varType) === uuid;
  }

  #addUnit(name: string, lines: readonly string[], origin: Location): void {
    this.units.push({ name, text: `${lines.join('\n')}\n`, origin, late: true });
  }

  #addLink(from: string, kind: GeneratedLink['kind'], to: string, origin: Location): void {
    this.links.push({ from, kind, to, origin });
  }
}

interface Found {
  readonly device: Device;
  readonly partition: Partition;
}

const documentation = 'Documentation=man:systemd-gpt-auto-generator(8)';

function attributesOf({ attributes }: Partition): bigint {
  return /^[0-9a-f]{1,16}$/i.test(attributes) ? BigInt(`0x${attributes}`) : 0n;
}

function deviceOf({ uuid }: Partition): string {
  return `/dev/disk/by-partuuid/${uuid}`;
}

function originOf({ label }: Device): Location {
  return { source: label };
}

function blockTarget(device: string): string {
  return `blockdev@${escapePath(device)}.target`;
}

/** sd_id128_get_machine_app_specific(): an HMAC of the application's id, as a version 4 UUID. */
function machineUuid(machineId: string, application: string): string {
  const key = Buffer.from(machineId, 'hex');
  const digest = createHmac('sha256', key)
    .update(Buffer.from(application.replaceAll('-', ''), 'hex'))
    .digest();
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
