/**
 * From the devices of an image to its root: which are roots, what the boot loaders say, which one is chosen, what is
 * mounted on it. Touches nothing outside the devices.
 */
import type { Diagnostic } from '../diagnostic.ts';
import { asImageError } from '../errors.ts';
import type { FileSystem } from '../filesystems/file-system.ts';
import type { Limits } from '../limits.ts';
import type { BootEntry, BootMenu, BootPlace } from './boot-entries/boot-entry.ts';
import { findParameter } from './boot-entries/command-line.ts';
import { readBootMenus } from './boot-entries/read-boot-menus.ts';
import { chooseRoot, type RootCandidate, type RootChoice, type RootRequest } from './choose-root.ts';
import { composeRoot } from './compose.ts';
import { findDevice, parseDeviceName } from './device-name.ts';
import { espType, xbootldrType } from './gpt-types.ts';
import type { Device } from './layer.ts';
import { findBootedEntry } from './nixos/booted-entry.ts';
import { type EtcMetadata, type NixosSystem, openRunningSystem } from './nixos/running-system.ts';
import { findRootEvidence } from './root-evidence.ts';
import { type Mount, RootView } from './root-view.ts';
import { findRootSubvolume, openSubvolume, rootSubvolume } from './subvolumes.ts';

export interface AssembledRoot {
  readonly view: RootView;
  readonly choice: RootChoice;
  /** Every device that holds a root, in the order of the disk. */
  readonly candidates: readonly RootCandidate[];
  readonly bootMenus: readonly BootMenu[];
  /** The entry that boots this root, the default one if several do. */
  readonly bootEntry?: BootEntry;
  /** What runs on a NixOS root. */
  readonly nixos?: NixosSystem;
  /** Damage where boot loaders keep their files. */
  readonly bootDamage: readonly Diagnostic[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Assembles; ImageError if there is no root, or more than one and nothing to choose by, or the chosen one is damaged. */
export function assembleRoot(
  found: readonly Device[],
  request: RootRequest,
  limits: Limits,
  etcMetadata?: EtcMetadata,
): AssembledRoot {
  const inspected = found.map((device) => inspectDevice(device, limits));
  const devices = inspected.map(({ device }) => device);
  const evident = inspected.filter(({ sign }) => sign !== undefined);
  const stores = evident.filter(({ store }) => store !== undefined);
  const candidates = stores.length < evident.length ? evident.filter(({ store }) => store === undefined) : stores;
  const { menus, diagnostics: bootDiagnostics } = readBootMenus(findBootPlaces(devices, candidates, limits));
  const defaultEntry = menus[0]?.default;
  const commandLine = defaultEntry?.options?.text;
  const choice = inSubvolume(chooseRoot(devices, candidates, commandLine, request), commandLine);
  const root = { path: '/', fileSystem: choice.fileSystem, because: choice.because };
  const running = openRunningSystem(root, mountStore(stores, choice), menus, request, limits, etcMetadata);
  const { view, diagnostics } = composeRoot(running?.mounts ?? [root], choice.device, devices, limits);
  const bootEntry = running
    ? findBootedEntry(menus, running.system.toplevel)
    : (findEntryOf(choice.device, devices, menus) ?? defaultEntry);
  return {
    view,
    choice,
    candidates,
    bootMenus: menus,
    ...(bootEntry ? { bootEntry } : {}),
    ...(running ? { nixos: running.system } : {}),
    bootDamage: [...bootDiagnostics.filter(({ level }) => level === 'damage'), ...unreadableEsps(devices)],
    diagnostics: [...bootDiagnostics, ...remark(choice, defaultEntry), ...(running?.diagnostics ?? []), ...diagnostics],
  };
}

/** The one volume of a Nix store beside the root. */
function mountStore(stores: readonly RootCandidate[], choice: RootChoice): Mount | undefined {
  const [store, other] = stores.filter(({ device }) => device !== choice.device);
  if (!store || other || store.store === undefined || store.device.content.state !== 'filesystem') return undefined;
  return { path: store.store, fileSystem: store.device.content.fileSystem, because: 'it holds store paths' };
}

/** What speaks for a root on the device. One whose first directories are damaged counts as unreadable. */
function inspectDevice(device: Device, limits: Limits): RootCandidate {
  if (device.content.state !== 'filesystem') return { device };
  const view = new RootView([{ path: '/', fileSystem: device.content.fileSystem }], limits);
  const { sign, store, damage } = findRootEvidence(view);
  const subvolume = sign !== undefined || damage ? undefined : findSubvolumeOf(device.content.fileSystem, limits);
  if (subvolume) return inspectDevice({ ...device, content: { state: 'filesystem', fileSystem: subvolume } }, limits);
  if (sign !== undefined) return { device, sign, ...(store === undefined ? {} : { store }) };
  return damage ? { device: { ...device, content: { state: 'unreadable', error: damage } } } : { device };
}

/** One that is a root where the default one is none. Damage on the way is met again by whoever looks there. */
function findSubvolumeOf(fileSystem: FileSystem, limits: Limits): FileSystem | undefined {
  try {
    return findRootSubvolume(fileSystem, limits);
  } catch (thrown) {
    asImageError(thrown);
    return undefined;
  }
}

/** The subvolume that `rootflags=` names, if it names one. */
function inSubvolume(choice: RootChoice, commandLine: string | undefined): RootChoice {
  const name = commandLine === undefined ? undefined : rootSubvolume(commandLine);
  if (name === undefined) return choice;
  const fileSystem = openSubvolume(choice.fileSystem, name);
  if (fileSystem) return { ...choice, fileSystem };
  return {
    ...choice,
    remark: `the boot entry mounts subvolume ${name} of ${choice.device.label}, which has none such`,
  };
}

/** FAT file systems, the ESP first, then others with a loader's files, then the roots. */
function findBootPlaces(devices: readonly Device[], candidates: readonly RootCandidate[], limits: Limits): BootPlace[] {
  const places = devices.flatMap((device): BootPlace[] => {
    if (device.content.state !== 'filesystem') return [];
    const { fileSystem } = device.content;
    const view = new RootView([{ path: '/', fileSystem }], limits);
    if (candidates.some((candidate) => candidate.device === device)) return [{ kind: 'root', device, view }];
    if (fileSystem.format !== 'vfat') return holdsLoader(view) ? [{ kind: 'boot', device, view }] : [];
    return [{ kind: device.partition?.type === xbootldrType ? 'xbootldr' : 'esp', device, view }];
  });
  const rank = ({ kind, device }: BootPlace): number =>
    kind === 'esp' ? Number(device.partition?.type !== espType) : rankOfKind[kind];
  return places.sort((a, b) => rank(a) - rank(b));
}

const rankOfKind = { xbootldr: 2, boot: 3, root: 4 } as const;
/** What a separate /boot or a CD has in its top directory. */
const loaderFiles = ['grub', 'grub2', 'extlinux', 'boot.scr', 'isolinux', 'syslinux', 'boot'];

/** A damaged directory holds nothing here; it is reported where it is mounted. */
function holdsLoader(view: RootView): boolean {
  return loaderFiles.some((name) => view.exists(`/${name}`) === 'yes');
}

function unreadableEsps(devices: readonly Device[]): Diagnostic[] {
  return devices.flatMap(({ label, partition, content }) => {
    if (content.state !== 'unreadable' || partition?.type !== espType) return [];
    const { code, message, location = { source: label } } = content.error;
    return [{ level: 'damage', code, message: `the EFI system partition cannot be read: ${message}`, location }];
  });
}

/** The entry whose `root=` names the device: of the default's menu, the default first. */
function findEntryOf(device: Device, devices: readonly Device[], menus: readonly BootMenu[]): BootEntry | undefined {
  const boots = (entry: BootEntry): boolean => {
    const root = findParameter(entry.options?.text ?? '', 'root');
    const name = root === undefined ? undefined : parseDeviceName(root);
    return name !== undefined && findDevice(name, devices) === device;
  };
  for (const menu of menus) {
    const entry = menu.default && boots(menu.default) ? menu.default : menu.entries.find(boots);
    if (entry) return entry;
  }
  return undefined;
}

function remark({ remark: message }: RootChoice, entry: BootEntry | undefined): Diagnostic[] {
  if (message === undefined) return [];
  const location = entry?.options?.location;
  return [{ level: 'note', code: 'root/other-than-booted', message, ...(location ? { location } : {}) }];
}
