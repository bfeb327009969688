/**
 * Opens an image of any supported shape and composes the root in it: layers, boot entry, choice of the root, mounts, side
 * files. The one way in for every command.
 */
import { basename, resolve } from 'node:path';
import type { ByteSource } from '../bytes/byte-source.ts';
import { openFileSource } from '../bytes/file-source.ts';
import { isHostFolder } from '../bytes/host-folder.ts';
import { openWithNeighbours } from '../bytes/neighbours.ts';
import { type Diagnostic, damageFrom } from '../diagnostic.ts';
import { asImageError, ImageError } from '../errors.ts';
import type { FileSystem } from '../filesystems/file-system.ts';
import { openHostFolder } from '../filesystems/host/host-folder.ts';
import { isOciLayout, openOciLayout } from '../filesystems/oci/oci.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { type AssembledRoot, assembleRoot } from './assemble-root.ts';
import type { BootEntry, BootMenu } from './boot-entries/boot-entry.ts';
import type { RootChoice } from './choose-root.ts';
import type { ImageFacts } from './image-facts.ts';
import { checkIntegrity } from './integrity/check-integrity.ts';
import type { Device, Layer } from './layer.ts';
import { readKernelParameters } from './nixos/booted-entry.ts';
import type { EtcMetadata, NixosSystem } from './nixos/running-system.ts';
import { LayerOpener, type OpenedLayers } from './open-layers.ts';
import type { RootView } from './root-view.ts';
import { readSideFiles } from './side-files.ts';
import { findSlots, type Slot } from './slots.ts';
import { type Decoding, openVerified } from './verified.ts';

export interface OpenImageOptions {
  readonly limits: Limits;
  /** The root of an A/B image to judge instead of the one that boots: its name, number, label or identifier. */
  readonly slot?: string;
  /** The root file system, where its content does not show that it is one. */
  readonly root?: string;
  /** Which of several NixOS systems to judge instead of the one that boots. */
  readonly system?: string;
  readonly generation?: number;
  readonly specialisation?: string;
  /** Which image of a container archive for several platforms: `linux/arm64`. */
  readonly platform?: string;
  /** Whether to read the files that a disk names (backing files of qcow2, extents of VMDK), in the folder of the image. */
  readonly backing?: boolean;
  /** Whether to read all of the image, to hold it against its block map and its dm-verity trees. */
  readonly verify?: boolean;
  /** How compressed layers are decoded; unless given, beside the reader, and verified before the image is given. */
  readonly decoding?: Decoding;
  /** Called while a compressed layer is read: bytes of input done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface OpenedImage {
  /** Base name of the image. */
  readonly label: string;
  readonly layer: Layer;
  readonly devices: readonly Device[];
  readonly view: RootView;
  readonly facts: ImageFacts;
  /** Which device is the root, and why. */
  readonly root: RootChoice;
  /** Roots to choose from with `slot`, and empty places for one. */
  readonly slots: readonly Slot[];
  readonly bootMenus: readonly BootMenu[];
  /** The entry that boots this root. */
  readonly bootEntry?: BootEntry;
  /** What runs on a NixOS root. */
  readonly nixos?: NixosSystem;
  /** Everything noticed so far; reading more of the image may add to it. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of an image that is decoded beside its reader: waits until what was read is known to be good. Throws for `readVerified`. */
  verify(): void;
  close(): void;
}

/** Opens the file or folder at a host path; ImageError, in one clear sentence, if there is no root to judge. */
export async function openImage(
  path: string,
  { limits = defaultLimits, ...request }: Partial<OpenImageOptions> = {},
): Promise<OpenedImage> {
  const options = { limits, ...request };
  return options.decoding
    ? openUnverified(path, options)
    : openVerified((decoding) => openUnverified(path, { ...options, decoding }));
}

async function openUnverified(path: string, options: OpenImageOptions): Promise<OpenedImage> {
  const { limits, verify = false } = options;
  const label = basename(resolve(path));
  const opener = new LayerOpener(options);
  try {
    // The path is the user's own: a link counts as what it leads to.
    const layers = isHostFolder(path)
      ? await openFolder(path, label, options, opener)
      : await openFile(path, label, options, opener);
    const assembled = await assemble(layers, options);
    const integrity = await checkIntegrity({
      ...{ path: resolve(path), whole: opener.whole, devices: layers.devices, limits },
      commandLine: assembled.bootEntry?.options?.text,
      verify,
    });
    return createImage({ path, label, layers, assembled, integrity, limits, opener });
  } catch (thrown) {
    return giveUp(opener, thrown);
  }
}

/** What was read of layers that could not be decoded is no reason. */
function giveUp(opener: LayerOpener, thrown: unknown): never {
  try {
    opener.verify();
    throw thrown;
  } finally {
    opener.close();
  }
}

/**
 * The same for an image inside another: the bytes of a file or volume, which stay the caller's to close. A single file system is the
 * root, whatever is in it. `outer` is what it lies in: its damage is the image's, and it is verified and closed with it.
 */
export async function openImageSource(
  source: ByteSource,
  { limits = defaultLimits, ...request }: Partial<OpenImageOptions> = {},
  outer?: { readonly damage: readonly Diagnostic[]; verify(): void; close(): void },
): Promise<OpenedImage> {
  const opener = new LayerOpener({ limits, ...request });
  try {
    if (outer) opener.adopt(outer);
    const layers = await opener.open(source.slice(0, source.size));
    const [only, other] = layers.devices;
    const options = { limits, ...request, ...(only && !other ? { root: only.name } : {}) };
    const assembled = await assemble(layers, options);
    return createImage({ label: source.label, layers, assembled, integrity: outer?.damage ?? [], limits, opener });
  } catch (thrown) {
    return giveUp(opener, thrown);
  }
}

/** Assembles; a NixOS system with an overlay on /etc again, once the image that is its lower layer is open. */
async function assemble({ layer, devices }: OpenedLayers, options: OpenImageOptions): Promise<AssembledRoot> {
  const { limits } = options;
  const assembled = assembleWhole(layer, devices, options);
  const overlay = assembled.nixos?.etcOverlay;
  // A store path that is not there is found by who looks for the closure.
  if (!overlay || assembled.view.exists(overlay.metadata) === 'no') return assembled;
  return assembleRoot(devices, options, limits, await openEtcMetadata(assembled.view, overlay.metadata, limits));
}

/** A damaged partition table explains why there is no root: its partition may be one of those that are not listed. */
function assembleWhole(layer: Layer, devices: readonly Device[], options: OpenImageOptions): AssembledRoot {
  try {
    return assembleRoot(devices, options, options.limits);
  } catch (thrown) {
    const error = asImageError(thrown);
    const damage = tableDiagnostics(layer).find(({ level }) => level === 'damage');
    if (error.code !== 'root/no-root' || !damage) throw error;
    const { code, message, location } = damage;
    throw new ImageError('corrupt', code, `${error.message}; ${message}`, location ? { location } : {});
  }
}

async function openEtcMetadata(view: RootView, path: string, limits: Limits): Promise<EtcMetadata> {
  const { openErofs } = await import('../filesystems/erofs/open-erofs.ts');
  try {
    return await openErofs(view.open(path), { limits });
  } catch (thrown) {
    return asImageError(thrown);
  }
}

/** A root as it lies on the host, or the layout of a container image. */
async function openFolder(
  path: string,
  label: string,
  options: OpenImageOptions,
  opener: LayerOpener,
): Promise<OpenedLayers> {
  const folder = openHostFolder(path, label, options.limits);
  const fileSystem = isOciLayout(folder) ? await openOciLayout(folder, options) : folder;
  opener.adopt(fileSystem);
  const device: Device = { name: label, label, size: 0, content: { state: 'filesystem', fileSystem } };
  return { layer: { ...folderLayer(fileSystem), label }, devices: [device] };
}

function folderLayer({ format, volumeLabel, uuid, diagnostics }: FileSystem): Omit<Layer, 'label'> {
  return { kind: 'filesystem', format, size: 0, children: [], volumeLabel, uuid, diagnostics };
}

/** The bytes of an image on the host, and with `backing` the way to the files in its folder. ImageError `input`. */
export function openHostImage(
  path: string,
  label: string,
  { limits: { cacheBytes }, backing }: Pick<OpenImageOptions, 'limits' | 'backing'>,
): ByteSource {
  return backing ? openWithNeighbours(path, { label, cacheBytes }) : openFileSource(path, { label, cacheBytes });
}

async function openFile(
  path: string,
  label: string,
  options: OpenImageOptions,
  opener: LayerOpener,
): Promise<OpenedLayers> {
  return opener.open(openHostImage(path, label, options));
}

interface ImageParts {
  /** Of an image on the host, beside which other files may lie. */
  readonly path?: string;
  readonly label: string;
  readonly layers: OpenedLayers;
  readonly assembled: AssembledRoot;
  /** What does not fit what the build left beside or in the image. */
  readonly integrity: readonly Diagnostic[];
  readonly limits: Limits;
  readonly opener: LayerOpener;
}

function createImage({ path, label, layers, assembled, integrity, limits, opener }: ImageParts): OpenedImage {
  const { layer, devices } = layers;
  const { view, choice, candidates, bootMenus, bootEntry, bootDamage, nixos } = assembled;
  const { files, diagnostics: sideDiagnostics } =
    path === undefined ? { files: [], diagnostics: [] } : readSideFiles(resolve(path), limits);
  const commandLine = bootEntry?.options ?? (nixos && readKernelParameters(view, nixos.toplevel));
  const slots = findSlots(choice.device, candidates, devices);
  const facts: ImageFacts = {
    label,
    ...(commandLine ? { commandLine } : {}),
    boot: { devices, rootDevice: choice.device, menus: bootMenus, slots, ...(bootEntry ? { entry: bootEntry } : {}) },
    ...(nixos ? { nixos } : {}),
    ...(bootDamage.length > 0 ? { bootDamage } : {}),
    sideFiles: files,
  };
  const fixed = [...tableDiagnostics(layer), ...assembled.diagnostics, ...sideDiagnostics, ...integrity];
  return {
    label,
    layer,
    devices,
    view,
    facts,
    root: choice,
    slots,
    bootMenus,
    ...(bootEntry ? { bootEntry } : {}),
    ...(nixos ? { nixos } : {}),
    get diagnostics() {
      return [...fixed, ...deviceDiagnostics(view, devices)];
    },
    verify: () => opener.verify(),
    close: () => opener.close(),
  };
}

/** What an image on the host is made of, whether or not there is a root in it, and what was noticed. ImageError as `openImage`. */
export async function readLayers(
  path: string,
  options: OpenImageOptions,
): Promise<{ readonly layer: Layer; readonly diagnostics: readonly Diagnostic[] }> {
  const opener = new LayerOpener({ ...options, decoding: 'before' });
  try {
    const { layer, devices } = await openFile(path, basename(resolve(path)), options, opener);
    const inside = devices.flatMap(({ content }) =>
      content.state === 'filesystem' ? content.fileSystem.diagnostics : [],
    );
    return { layer, diagnostics: [...tableDiagnostics(layer), ...inside] };
  } finally {
    opener.close();
  }
}

/** What partition tables and codecs had to say, outermost first. */
function tableDiagnostics(layer: Layer): Diagnostic[] {
  const own = layer.kind === 'filesystem' ? [] : layer.diagnostics;
  return [...own, ...layer.children.flatMap(tableDiagnostics)];
}

/** Damage counts where the root is made of it; elsewhere it is only worth a note. What stands unreadable was reported. */
function deviceDiagnostics(view: RootView, devices: readonly Device[]): Diagnostic[] {
  const mounted = new Set(view.mounts.map(({ fileSystem }) => fileSystem.label));
  return devices.flatMap(({ label, content }): readonly Diagnostic[] => {
    if (content.state === 'unreadable')
      return mounted.has(label) ? [] : [{ ...damageFrom(content.error), level: 'note' }];
    if (content.state !== 'filesystem') return [];
    const { diagnostics } = content.fileSystem;
    return mounted.has(content.fileSystem.label)
      ? diagnostics
      : diagnostics.map((each) => ({ ...each, level: 'note' }));
  });
}
