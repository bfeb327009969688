/**
 * One tree from a root and the other partitions, mounted where the machine would mount them: by /etc/fstab, parents first,
 * then bind mounts; the ESP also without a line, as systemd-gpt-auto-generator(8) does. What would be mounted and cannot be
 * read is mounted as unreadable. Overlays and file systems of the kernel (tmpfs, proc) are left out; overlays are reported.
 */
import { type Diagnostic, damageFrom } from '../diagnostic.ts';
import { asImageError, ImageError } from '../errors.ts';
import { MemoryFileSystem } from '../filesystems/memory.ts';
import { type Limits, limitExceeded } from '../limits.ts';
import type { Location } from '../location.ts';
import { describeDevice } from './choose-root.ts';
import { findDevice, parseDeviceName } from './device-name.ts';
import { type FstabEntry, findOption, parseFstab } from './fstab.ts';
import { espType, xbootldrType } from './gpt-types.ts';
import type { Device } from './layer.ts';
import { type Mount, RootView } from './root-view.ts';
import { namedSubvolume, openSubvolume } from './subvolumes.ts';
import { UnreadableFileSystem } from './unreadable-file-system.ts';

export interface Composition {
  readonly view: RootView;
  readonly diagnostics: readonly Diagnostic[];
}

const fstabPath = '/etc/fstab';
/** Bad lines that are reported one by one. */
const MAX_NOTES = 16;

/** Mounts `devices` on top of `root` (and what is mounted on it already); ImageError `limit` if fstab has more mounts than `limits.partitions`. */
export function composeRoot(
  root: readonly Mount[],
  rootDevice: Device,
  devices: readonly Device[],
  limits: Limits,
): Composition {
  const tree = new Tree(root, rootDevice, devices, limits);
  tree.mountFstab();
  tree.mountEsp();
  return { view: tree.view, diagnostics: tree.diagnostics };
}

class Tree {
  view: RootView;
  readonly diagnostics: Diagnostic[] = [];
  readonly #rootDevice: Device;
  readonly #devices: readonly Device[];
  readonly #limits: Limits;
  readonly #mounted = new Set<Device>();
  #fstabPaths: readonly string[] = [];

  constructor(root: readonly Mount[], rootDevice: Device, devices: readonly Device[], limits: Limits) {
    this.#rootDevice = rootDevice;
    this.#devices = devices;
    this.#limits = limits;
    this.view = new RootView(root, limits);
  }

  mountFstab(): void {
    let text: string | undefined;
    try {
      text = this.view.readText(fstabPath);
    } catch (thrown) {
      this.diagnostics.push(damageFrom(asImageError(thrown)));
      return;
    }
    const { entries, badLines } = parseFstab(text ?? '');
    for (const line of badLines.slice(0, MAX_NOTES))
      this.#note('root/bad-fstab-line', 'the line has fewer than three fields: it mounts nothing', line);
    const used = entries.filter(({ path, options }) => path.startsWith('/') && isMountedAtBoot(options));
    if (used.length > this.#limits.partitions)
      throw limitExceeded('partitions', this.#limits, `mounts in ${fstabPath}`, this.#locate(1));
    this.#fstabPaths = used.map(({ path }) => withoutSlash(path));
    const byDepth = [...used].sort((a, b) => depthOf(a.path) - depthOf(b.path));
    for (const entry of byDepth) if (!isBind(entry)) this.#mountEntry(entry);
    for (const entry of byDepth) if (isBind(entry)) this.#mountBind(entry);
  }

  /** `/boot` if it is there, unused and empty, else `/efi`. */
  mountEsp(): void {
    const esp = this.#devices.find(({ partition }) => partition?.type === espType);
    if (!esp || this.#mounted.has(esp)) return;
    const hasXbootldr = this.#devices.some(({ partition }) => partition?.type === xbootldrType);
    const places = hasXbootldr ? ['/efi'] : ['/boot', '/efi'];
    const path = places.find((each) => !this.#fstabPaths.includes(each) && this.#isEmptyDirectory(each));
    if (path !== undefined) this.#mount(path, esp, `EFI system partition without a line in ${fstabPath}`);
  }

  #mountEntry(entry: FstabEntry): void {
    if (withoutSlash(entry.path) === '/') return;
    if (entry.type === 'overlay') {
      this.#noteOverlay(entry);
      return;
    }
    const name = parseDeviceName(entry.device);
    if (!name) {
      if (isNetwork(entry)) this.#mountUnknown(entry, `${entry.device} is on the network`);
      return;
    }
    const device = entry.device === '/dev/root' ? this.#rootDevice : findDevice(name, this.#devices);
    const because = `${fstabPath}:${entry.line} ${entry.device}`;
    if (device) this.#mountDevice(entry, device, because);
    else this.#mountUnknown(entry, `the image has no ${entry.device}`);
  }

  #mountDevice(entry: FstabEntry, device: Device, because: string): void {
    const { content } = device;
    const name = namedSubvolume(entry.options);
    if (content.state !== 'filesystem' || name === undefined) {
      this.#mount(entry.path, device, because);
      return;
    }
    const fileSystem = openSubvolume(content.fileSystem, name);
    if (fileSystem) this.#mount(entry.path, { ...device, content: { state: 'filesystem', fileSystem } }, because);
    else this.#mountUnknown(entry, `${describeDevice(device)} has no subvolume ${name}`);
  }

  #mountBind(entry: FstabEntry): void {
    const source = this.view.resolve(entry.device);
    const because = `${fstabPath}:${entry.line} ${entry.device}`;
    if (source.state === 'missing') {
      this.#mountUnknown(entry, `${entry.device} is not in the image`);
      return;
    }
    const path = this.#mountPoint(entry.path);
    if (source.state === 'unreadable') {
      this.#add({ path, fileSystem: new UnreadableFileSystem(this.#rootDevice.label, source.error), because });
      return;
    }
    const { fileSystem, node, innerPath, standing } = source;
    this.#add({ path, fileSystem, node, innerPath, standing, because });
  }

  /** Mounts what the device holds; what cannot be read is damage, because the machine would have files there. */
  #mount(at: string, device: Device, because: string): void {
    const path = this.#mountPoint(at);
    this.#mounted.add(device);
    const { content } = device;
    if (content.state === 'filesystem') {
      this.#add({ path, fileSystem: content.fileSystem, because });
      return;
    }
    const error =
      content.state === 'unreadable'
        ? content.error
        : new ImageError('input', 'root/nothing-to-mount', `${describeDevice(device)} holds no file system`, {
            location: { source: device.label },
          });
    this.#add({ path, fileSystem: new UnreadableFileSystem(device.label, error), because });
    const { code, message, location = { source: device.label } } = error;
    this.diagnostics.push({
      level: 'damage',
      code,
      message: `everything below ${path} is unknown: ${message}`,
      location,
    });
  }

  #mountUnknown(entry: FstabEntry, reason: string): void {
    const path = this.#mountPoint(entry.path);
    const location = this.#locate(entry.line);
    const message = `everything below ${path} is unknown: ${reason}`;
    const error = new ImageError('input', 'root/no-such-device', message, {
      location,
      remedy: 'judge the whole disk image, or correct the line',
    });
    const because = `${fstabPath}:${entry.line} ${entry.device}`;
    this.#add({ path, fileSystem: new UnreadableFileSystem(this.#rootDevice.label, error), because });
    const level = entry.options.includes('nofail') ? 'note' : 'damage';
    this.diagnostics.push({ level, code: error.code, message, location });
  }

  /** Canonical path for a mount; missing directories on the way are made, as systemd makes them. */
  #mountPoint(path: string): string {
    const place = this.view.resolve(path);
    if (place.state !== 'missing') return place.path;
    const parent = parentOf(place.path);
    let made = parent;
    while (this.view.resolve(parentOf(made)).state === 'missing') made = parentOf(made);
    if (this.view.resolve(made).state !== 'missing') return place.path;
    const below = parent.slice(made.length);
    const fileSystem = new MemoryFileSystem(
      below === '' ? {} : { [below]: { directory: true } },
      this.#rootDevice.label,
    );
    this.#add({ path: made, fileSystem, innerPath: made, standing: 'declared', because: 'made for a mount point' });
    return place.path;
  }

  #noteOverlay({ path, options, line }: FstabEntry): void {
    const upper = findOption(options, 'upperdir');
    let isEmpty = true;
    try {
      isEmpty = upper === undefined || (this.view.list(upper) ?? []).length === 0;
    } catch (thrown) {
      asImageError(thrown);
      isEmpty = false;
    }
    const message = `${path} is an overlay: its lower layer is judged`;
    if (isEmpty) this.#note('root/overlay', message, line);
    else {
      const code = 'root/overlay-upper';
      const text = `${message}, but its upper layer ${upper} is not empty`;
      this.diagnostics.push({ level: 'damage', code, message: text, location: this.#locate(line) });
    }
  }

  #isEmptyDirectory(path: string): boolean {
    try {
      return this.view.list(path)?.length === 0;
    } catch (thrown) {
      asImageError(thrown);
      return false;
    }
  }

  #add(mount: Mount): void {
    this.view = new RootView([...this.view.mounts, mount], this.#limits);
  }

  #note(code: string, message: string, line: number): void {
    this.diagnostics.push({ level: 'note', code, message, location: this.#locate(line) });
  }

  #locate(line: number): Location {
    return this.view.locate(fstabPath, line);
  }
}

/** `noauto` is not mounted, unless an automount unit does it on the first access. */
function isMountedAtBoot(options: readonly string[]): boolean {
  return !options.includes('noauto') || options.includes('x-systemd.automount');
}

function isBind({ options }: FstabEntry): boolean {
  return options.includes('bind') || options.includes('rbind');
}

const networkTypes = /^(?:nfs4?|cifs|smb3|9p|virtiofs|ceph|glusterfs|sshfs|fuse\.sshfs)$/;

function isNetwork({ type }: FstabEntry): boolean {
  return networkTypes.test(type);
}

function depthOf(path: string): number {
  return path.split('/').filter((name) => name !== '').length;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
