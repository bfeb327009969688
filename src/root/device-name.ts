/**
 * How fstab, `root=` and the like name a block device, and which device of the image is meant: by identifier (fstab(5),
 * `PARTUUID=.../PARTNROFF=` from the kernel's early-lookup), by udev link, or by a kernel name, whose partition number
 * counts because an image is one disk.
 */
import { decodeBytes } from '../bytes/names.ts';
import type { Content, Device } from './layer.ts';
import type { OwnNames } from './own-names.ts';

export type DeviceName =
  | { readonly by: 'uuid' | 'partuuid' | 'label' | 'partlabel'; readonly value: string; readonly offset: number }
  /** `/dev/sda2`: the number; `/dev/sda`: 0, the whole disk. */
  | { readonly by: 'number'; readonly value: number }
  /** A device that the running machine makes: `/dev/md0`, `/dev/mapper/x`, which may be a logical volume of the image; `ID=`. */
  | { readonly by: 'other'; readonly value: string }
  /** `UUDI=x`, `Label=x`: looks like an identifier, but nobody knows it by this tag. */
  | { readonly by: 'unknown tag'; readonly value: string };

const tags: Readonly<Record<string, 'uuid' | 'partuuid' | 'label' | 'partlabel'>> = {
  UUID: 'uuid',
  PARTUUID: 'partuuid',
  LABEL: 'label',
  PARTLABEL: 'partlabel',
};

/** Disks whose partitions are named with a `p` between; all others append the number. */
const diskName =
  /^\/dev\/(?:(?:mmcblk\d+|nvme\d+n\d+|loop\d+|nbd\d+)(?:p(\d{1,3}))?|(?:[shv]d|xvd)[a-z]{1,3}(\d{1,3})?)$/;
const linkName = /^\/dev\/disk\/by-(uuid|partuuid|label|partlabel)\/(.+)$/s;
const pathLink = /^\/dev\/disk\/by-(?:path|id|diskseq)\/.*?(?:-part(\d{1,3}))?$/s;

/** A volume of UBI, as UBIFS is mounted: by its name. */
const ubiName = /^ubi\d{1,3}[:!](.+)$/s;

const anyTag = /^[A-Za-z]+=/;

/** Parses a device as fstab's first field or `root=` write it; undefined if it names no block device (tmpfs, nfs). */
export function parseDeviceName(text: string): DeviceName | undefined {
  const equals = text.indexOf('=');
  const tag = equals > 0 ? tags[text.slice(0, equals)] : undefined;
  if (tag) return tagged(tag, unquote(text.slice(equals + 1)));
  if (anyTag.test(text)) return { by: text.startsWith('ID=') ? 'other' : 'unknown tag', value: text };
  if (ubiName.test(text)) return { by: 'other', value: text };
  if (!text.startsWith('/dev/')) return undefined;
  const link = linkName.exec(text);
  if (link) return tagged(tags[(link[1] ?? '').toUpperCase()] ?? 'label', decodeUdev(link[2] ?? ''));
  const disk = diskName.exec(text) ?? pathLink.exec(text);
  if (disk) return { by: 'number', value: Number(disk[1] ?? disk[2] ?? 0) };
  return { by: 'other', value: text };
}

/** The device meant; undefined if the image has none such. */
export function findDevice(name: DeviceName, devices: readonly Device[]): Device | undefined {
  if (name.by === 'other') return findMapped(name.value, devices);
  if (name.by === 'unknown tag') return undefined;
  if (name.by === 'number') {
    if (name.value !== 0) return devices.find(({ partition }) => partition?.number === name.value);
    return devices.length === 1 && !devices[0]?.partition ? devices[0] : undefined;
  }
  const found = devices.find((device) => identify(device, name.by).some((id) => id === name.value));
  if (!found || name.offset === 0) return found;
  const number = (found.partition?.number ?? 0) + name.offset;
  return devices.find(({ partition }) => partition?.number === number);
}

/**
 * The identifier of `device` as blkid, mount and the links of udev spell it, if `name` is that but for its capitals: to them it is
 * another one. The kernel alone does not mind.
 */
export function findOtherSpelling(text: string, name: DeviceName, { partition, content }: Device): string | undefined {
  if (name.by !== 'uuid' && name.by !== 'partuuid') return undefined;
  const id = identifiers[name.by](partition, namesIn(content)) ?? '';
  const isSame = name.offset === 0 && id.toLowerCase() === name.value;
  return isSame && !text.includes(id) ? id : undefined;
}

/** A UBI volume by its name; a logical volume by its name of the device mapper, `/dev/mapper/group-volume`, or by its link, `/dev/group/volume`. */
function findMapped(path: string, devices: readonly Device[]): Device | undefined {
  const ubi = ubiName.exec(path);
  if (ubi) return devices.find((device) => !device.partition && device.name === ubi[1]);
  if (!path.startsWith('/dev/')) return undefined;
  const [group = '', volume = '', ...more] = path.slice('/dev/'.length).split('/');
  if (more.length > 0) return undefined;
  const name = group === 'mapper' ? volume : `${group.replaceAll('-', '--')}-${volume.replaceAll('-', '--')}`;
  return devices.find((device) => !device.partition && device.name === name);
}

/** What `device` is called in that way; UUIDs in lower case, as `tagged` makes them. */
function identify({ partition, content }: Device, by: keyof typeof identifiers): string[] {
  const id = identifiers[by](partition, namesIn(content));
  return id === undefined || id === '' ? [] : [by === 'uuid' || by === 'partuuid' ? id.toLowerCase() : id];
}

/** What the content itself says it is called. */
export function namesIn(content: Content): OwnNames | undefined {
  if (content.state === 'filesystem') return content.fileSystem;
  return content.state === 'empty' ? undefined : content.names;
}

type Identifier = (partition: Device['partition'], inside: OwnNames | undefined) => string | undefined;

const identifiers: Readonly<Record<'uuid' | 'partuuid' | 'label' | 'partlabel', Identifier>> = {
  uuid: (_partition, inside) => inside?.uuid,
  partuuid: (partition) => partition?.uuid,
  label: (_partition, inside) => inside?.volumeLabel,
  partlabel: (partition) => partition?.name,
};

function tagged(by: 'uuid' | 'partuuid' | 'label' | 'partlabel', value: string): DeviceName {
  if (by === 'label' || by === 'partlabel') return { by, value, offset: 0 };
  const [id = '', offset] = value.toLowerCase().split('/partnroff=');
  return { by, value: id, offset: offset === undefined ? 0 : Number.parseInt(offset, 10) || 0 };
}

function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  return quoted?.[2] ?? text;
}

/** udev writes bytes it does not allow in a link's name as `\x20`. */
function decodeUdev(name: string): string {
  const parts = name.split(/((?:\\x[0-9a-f]{2})+)/i);
  return parts
    .map((part, i) => (i % 2 === 1 ? decodeBytes(Buffer.from(part.replaceAll('\\x', ''), 'hex')) : part))
    .join('');
}
