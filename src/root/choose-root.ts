/**
 * Which of the devices is the root: the one the user names, else the one the boot entry's `root=` names, else the one with the
 * IMAGE_UUID it asks for (isar-cip-core), else the only one that looks like a root. More than one and nothing to choose by is the user's decision, never a guess.
 */
import { asImageError, ImageError } from '../errors.ts';
import type { FileSystem } from '../filesystems/file-system.ts';
import { defaultLimits } from '../limits.ts';
import { findParameter } from './boot-entries/command-line.ts';
import { findDevice, parseDeviceName } from './device-name.ts';
import type { Device } from './layer.ts';
import type { StorePlace } from './nixos/running-system.ts';
import type { SystemRequest } from './nixos/system-candidate.ts';
import { RootView } from './root-view.ts';

/** A device with a root in it, or a slot for one. */
export interface RootCandidate {
  readonly device: Device;
  /** A path that makes it a root. */
  readonly sign?: string;
  /** Set if it holds a Nix store alone: where that belongs. */
  readonly store?: StorePlace;
}

export interface RootChoice {
  readonly device: Device;
  readonly fileSystem: FileSystem;
  /** Why this one, one phrase: `root=PARTLABEL=platform of the boot entry`. */
  readonly because: string;
  /** What is odd about the choice, for a note. */
  readonly remark?: string;
}

export interface RootRequest extends SystemRequest {
  /** Any device, by name, number, label or identifier. */
  readonly root?: string;
  /** One of the candidates, in the same ways. */
  readonly slot?: string;
}

/** The device that `wanted` names: `p3`, `3`, a label, a partition name, `PARTUUID=...`; undefined if there is none. */
export function findNamedDevice(wanted: string, devices: readonly Device[]): Device | undefined {
  const name = parseDeviceName(wanted);
  if (name && name.by !== 'unknown tag') return findDevice(name, devices);
  const lower = wanted.toLowerCase();
  return (
    devices.find((device) => device.name === wanted || String(device.partition?.number) === wanted) ??
    devices.find((device) => namesOf(device).some((each) => each === wanted)) ??
    devices.find((device) => namesOf(device).some((each) => each.toLowerCase() === lower))
  );
}

/** Chooses; ImageError `input` if it cannot be decided, or the reason why the chosen device cannot be read. */
export function chooseRoot(
  devices: readonly Device[],
  candidates: readonly RootCandidate[],
  commandLine: string | undefined,
  request: RootRequest,
): RootChoice {
  const asked = request.slot ?? request.root;
  if (asked !== undefined) return chooseNamed(devices, candidates, asked, request);
  const root = commandLine === undefined ? undefined : findParameter(commandLine, 'root');
  const name = root === undefined ? undefined : parseDeviceName(root);
  const booted = name && findDevice(name, devices);
  if (booted && (candidates.some(({ device }) => device === booted) || booted.content.state === 'unreadable'))
    return { ...readable(booted), because: `root=${root} of the boot entry` };
  const [only, other] = candidates;
  if (!only) throw noRoot(devices);
  const wanted = /target-image-uuid=([0-9a-f-]{36})/i.exec(commandLine ?? '')?.[1]?.toLowerCase();
  const built = wanted === undefined ? undefined : candidates.find((each) => readImageUuid(each.device) === wanted);
  if (built && other)
    return { ...readable(built.device), because: `IMAGE_UUID=${wanted}, which the boot entry asks for` };
  if (other) throw ambiguous(candidates);
  const choice = { ...readable(only.device), because: 'the only file system that looks like a root' };
  if (booted) return { ...choice, remark: `the boot entry says root=${root}, but ${booted.label} holds no root` };
  if (root !== undefined && name && name.by !== 'other' && only.device.partition)
    return { ...choice, remark: `the boot entry says root=${root}, which names nothing in the image` };
  return choice;
}

/** What the initrd of isar-cip-core compares: IMAGE_UUID in the os-release of each slot. Damage leaves the slot without one. */
function readImageUuid({ content }: Device): string | undefined {
  if (content.state !== 'filesystem') return undefined;
  try {
    const view = new RootView([{ path: '/', fileSystem: content.fileSystem }], defaultLimits);
    const value = /^IMAGE_UUID=["']?([0-9a-f-]{36})/im.exec(view.readText('/etc/os-release') ?? '')?.[1];
    return value?.toLowerCase();
  } catch (thrown) {
    asImageError(thrown);
    return undefined;
  }
}

function chooseNamed(
  devices: readonly Device[],
  candidates: readonly RootCandidate[],
  asked: string,
  { slot }: RootRequest,
): RootChoice {
  const flag = slot === undefined ? '--root' : '--slot';
  const device = findNamedDevice(asked, devices);
  if (!device) throw noSuch(`the image has no ${slot === undefined ? 'partition' : 'slot'} ${asked}`, devices);
  if (slot !== undefined && device.content.state === 'filesystem' && !candidates.some((each) => each.device === device))
    throw noSuch(`${describeDevice(device)} holds no root file system`, devices);
  return { ...readable(device), because: `${flag} ${asked}` };
}

/** The device with its file system, or the reason why it cannot be the root. */
function readable(device: Device): { device: Device; fileSystem: FileSystem } {
  const { content } = device;
  if (content.state === 'filesystem') return { device, fileSystem: content.fileSystem };
  if (content.state === 'unreadable') throw content.error;
  const message = `${describeDevice(device)} is empty: there is nothing to judge in it`;
  throw new ImageError('input', 'root/empty-slot', message, { location: { source: device.label } });
}

/** `p2 "platform"`: for people. */
export function describeDevice(device: Device): string {
  const [first] = namesOf(device);
  return first === undefined ? device.name : `${device.name} "${first}"`;
}

function namesOf({ partition, content }: Device): string[] {
  const label = content.state === 'filesystem' ? content.fileSystem.volumeLabel : '';
  return [...new Set([partition?.name ?? '', label])].filter((name) => name !== '');
}

function noRoot(devices: readonly Device[]): ImageError {
  const unreadable = devices.flatMap(({ content }) => (content.state === 'unreadable' ? [content.error] : []));
  // Damage and encryption explain a missing root; what is only unknown does not, unless it is all there is.
  const reason = unreadable.find(({ kind }) => kind !== 'input') ?? (devices.length === 1 ? unreadable[0] : undefined);
  if (reason) return reason;
  const [only] = devices;
  if (only?.content.state === 'filesystem' && only.content.fileSystem.format === 'host')
    return new ImageError('input', 'root/no-root', 'no root file system found: the folder has no system in it', {
      remedy: 'name the folder that has etc and usr, or sbin, in it',
    });
  const found = devices.map((device) => `${describeDevice(device)} (${describeContent(device)})`).join(', ');
  return new ImageError('input', 'root/no-root', `no root file system found; the image holds ${found || 'nothing'}`, {
    remedy: 'if one of these is the root all the same, name it with --root',
  });
}

function describeContent({ content }: Device): string {
  return content.state === 'filesystem' ? content.fileSystem.format : content.state;
}

function ambiguous(candidates: readonly RootCandidate[]): ImageError {
  const names = candidates.map(({ device }) => describeDevice(device)).join(', ');
  return new ImageError(
    'input',
    'root/ambiguous',
    `${candidates.length} root file systems (${names}) and no boot entry that says which one boots`,
    { remedy: `choose with --slot ${candidates[0]?.device.name ?? 'NAME'}` },
  );
}

function noSuch(message: string, devices: readonly Device[]): ImageError {
  const [only] = devices;
  if (only && devices.length === 1 && !only.partition)
    return new ImageError('input', 'root/no-such-slot', message, {
      remedy: 'it is one file system, without partitions',
    });
  const names = devices.map(describeDevice).join(', ');
  return new ImageError('input', 'root/no-such-slot', message, { remedy: `the image has ${names}` });
}
