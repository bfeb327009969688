/**
 * From the bytes of an image to the devices in it: compressed wrappers, then partition tables and disk formats, then file
 * systems, each told by its magic. A partition is searched only for what Linux looks for in one: LVM, file systems.
 * What cannot be opened stays in the result with its reason; nothing here decides whether that matters.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import type { CodecOptions, ExpandedSource } from '../bytes/codecs/codec.ts';
import { codecs } from '../bytes/codecs/registry.ts';
import { asImageError, ImageError } from '../errors.ts';
import type { FileSystem } from '../filesystems/file-system.ts';
import { fileSystemFormats } from '../filesystems/registry.ts';
import { type Limits, limitExceeded } from '../limits.ts';
import { volumeFormats } from '../volumes/registry.ts';
import type { Volume, VolumeFormat } from '../volumes/volume.ts';
import { describeStart, looksEmpty } from './describe-content.ts';
import { detectForeign, type ForeignFormat } from './foreign-formats.ts';
import type { Content, Device, Layer } from './layer.ts';
import { findStoreImage, storeImageName } from './nixos/store-image.ts';
import { type OwnNames, readOwnNames } from './own-names.ts';
import { type Decoding, verifyDecoded } from './verified.ts';

export interface LayerOptions {
  readonly limits: Limits;
  /** Which image of a container archive for several platforms. */
  readonly platform?: string;
  /** Whether compressed layers may be read while they are decoded, until `verify`; before they are read, unless given. */
  readonly decoding?: Decoding;
  /** Called while a compressed layer is read: bytes of input done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface OpenedLayers {
  readonly layer: Layer;
  readonly devices: readonly Device[];
}

/** A source on the way in. */
interface Part {
  readonly source: ByteSource;
  readonly depth: number;
  /** The volume it is, where it is one of several. */
  readonly volume?: Volume;
}

/** What Linux looks for in a partition. */
export const partitionFormats = volumeFormats.filter(({ inPartitions }) => inPartitions);

/** Opens everything inside one source, and closes it all. */
export class LayerOpener {
  readonly #options: LayerOptions;
  readonly #toClose: { close(): void; verify?(): void }[] = [];
  /** What is opened, without its compression. */
  #whole: ByteSource | undefined;
  /** Volumes opened so far, of all tables together. */
  #volumes = 0;

  constructor(options: LayerOptions) {
    this.#options = options;
  }

  /**
   * Takes `source` over. Never throws for what the bytes say: an ImageError ends up in a layer and a device.
   */
  open(source: ByteSource): Promise<OpenedLayers> {
    this.#toClose.push(source);
    return this.#open({ source, depth: 0 });
  }

  /** The image without its compression, once it is open. */
  get whole(): ByteSource | undefined {
    return this.#whole;
  }

  /** Closes it with everything else. */
  adopt(opened: { close(): void; verify?(): void }): void {
    this.#toClose.push(opened);
  }

  /** Waits until everything that was read is known to be good. Throws for `readVerified` and its like, if it is not. */
  verify(): void {
    verifyDecoded(this.#toClose);
  }

  close(): void {
    for (const each of this.#toClose.splice(0).reverse()) each.close();
  }

  async #open(part: Part): Promise<OpenedLayers> {
    const { limits } = this.#options;
    const { source, depth } = part;
    if (depth > limits.nesting) {
      return unopened(
        part,
        'unknown',
        'unknown',
        limitExceeded('nesting', limits, source.label, { source: source.label }),
      );
    }
    try {
      if (part.volume?.partition) {
        return (await this.#openTable(part, partitionFormats)) ?? (await this.#openContent(part));
      }
      const expanded = await this.#openCodec(part);
      if (expanded) return expanded;
      this.#whole ??= source;
      return (
        (isDiskItself(part.source) ? undefined : await this.#openTable(part, volumeFormats)) ??
        (await this.#openContent(part))
      );
    } catch (thrown) {
      return unopened(part, 'unknown', 'unknown', asImageError(thrown));
    }
  }

  async #openCodec(part: Part): Promise<OpenedLayers | undefined> {
    const { source, depth } = part;
    const codec = codecs.find((each) => each.detect(source));
    if (!codec) return undefined;
    let expanded: ExpandedSource;
    try {
      expanded = await codec.open(source, this.#codecOptions());
    } catch (thrown) {
      const error = asImageError(thrown);
      return (await this.#openInitramfs(part, error)) ?? unopened(part, 'codec', codec.id, error);
    }
    this.#toClose.push(expanded);
    const inner = await this.#open({ ...part, source: expanded, depth: depth + 1 });
    return { layer: layerOf(part, 'codec', codec.id, [inner.layer]), devices: inner.devices };
  }

  #codecOptions(): CodecOptions {
    const { limits, onProgress, decoding } = this.#options;
    return { limits, ...(onProgress && { onProgress }), ...(decoding === 'beside' && { beside: {} }) };
  }

  async #openTable(part: Part, formats: readonly VolumeFormat[]): Promise<OpenedLayers | undefined> {
    const { source, depth } = part;
    const format = formats.find((each) => each.detect(source));
    if (!format) return undefined;
    try {
      const { limits } = this.#options;
      const table = await format.open(source, { limits });
      this.#volumes += table.volumes.length;
      if (this.#volumes > limits.partitions) throw limitExceeded('partitions', limits, source.label);
      const layers: Layer[] = [];
      const devices: Device[] = [];
      for (const volume of table.volumes) {
        if (volume.holdsImage === false) {
          layers.push(partitionLayer(volume, layerOf({ source: volume.source, depth }, 'unknown', 'data', [])));
          continue;
        }
        const isOnly = volume.name === '' && table.volumes.length === 1;
        const inner = { source: volume.source, depth: depth + 1 };
        const opened = await this.#open(isOnly ? { ...part, ...inner } : { ...inner, volume });
        layers.push(isOnly ? opened.layer : partitionLayer(volume, opened.layer));
        devices.push(...opened.devices);
      }
      // A boot sector of a bare file system may pass for a table without a partition.
      if (devices.length === 0 && fileSystemFormats.some((each) => each.detect(source))) return undefined;
      const { diagnostics, id } = table;
      const layer = { ...layerOf(part, 'volume-table', format.id, layers), diagnostics };
      return { layer: id === undefined ? layer : { ...layer, uuid: id }, devices };
    } catch (thrown) {
      return unopened(part, 'volume-table', format.id, asImageError(thrown));
    }
  }

  async #openContent(part: Part): Promise<OpenedLayers> {
    const { source } = part;
    const format = fileSystemFormats.find((each) => each.detect(source));
    if (!format) return unrecognised(part);
    try {
      return await this.#describeFileSystem(part, await format.open(source, this.#options));
    } catch (thrown) {
      return unopened(part, 'filesystem', format.id, asImageError(thrown));
    }
  }

  /** A compressed stream with more behind it: an initramfs may begin with a compressed archive as well. */
  async #openInitramfs(part: Part, { code }: ImageError): Promise<OpenedLayers | undefined> {
    if (!code.endsWith('/trailing-bytes')) return undefined;
    const { openCpio } = await import('../filesystems/cpio/open-cpio.ts');
    try {
      return await this.#describeFileSystem(part, await openCpio(part.source, this.#options));
    } catch (thrown) {
      asImageError(thrown);
      return undefined;
    }
  }

  async #describeFileSystem(part: Part, fileSystem: FileSystem): Promise<OpenedLayers> {
    this.#toClose.push(fileSystem);
    const inner = await this.#openStoreImage(part, fileSystem);
    const { volumeLabel, uuid, diagnostics } = fileSystem;
    const children = inner.map(({ layer }) => layer);
    return {
      layer: { ...layerOf(part, 'filesystem', fileSystem.format, children), volumeLabel, uuid, diagnostics },
      devices: [deviceOf(part, { state: 'filesystem', fileSystem }), ...inner.flatMap(({ devices }) => devices)],
    };
  }

  /** The store of a NixOS installer, which is an image in a file. */
  async #openStoreImage({ depth }: Part, fileSystem: FileSystem): Promise<readonly OpenedLayers[]> {
    let source: ByteSource | undefined;
    try {
      source = findStoreImage(fileSystem);
    } catch (thrown) {
      // A damaged directory is reported when it is looked at as a root.
      asImageError(thrown);
    }
    if (!source) return [];
    return [await this.#open({ source, depth: depth + 1, volume: { name: storeImageName, source } })];
  }
}

/** Whether a file system takes the whole disk, partition table and all: a hybrid ISO image. */
function isDiskItself(source: ByteSource): boolean {
  return fileSystemFormats.some(({ comesBeforeTables, detect }) => comesBeforeTables && detect(source));
}

function unrecognised(part: Part): OpenedLayers {
  const { source } = part;
  const foreign = detectForeign(source);
  const names = foreign && readOwnNames(foreign.id, source);
  if (foreign?.kind === 'swap') {
    const layer = { ...layerOf(part, 'unknown', 'swap', []), ...names };
    return { layer, devices: [deviceOf(part, { state: 'swap', ...(names ? { names } : {}) })] };
  }
  if (foreign) return unopened(part, 'unknown', foreign.id, foreignError(source, foreign), names);
  if (part.volume && looksEmpty(source))
    return { layer: layerOf(part, 'unknown', 'empty', []), devices: [deviceOf(part, { state: 'empty' })] };
  const location = { source: source.label };
  const error =
    source.size === 0
      ? new ImageError('input', 'root/empty-image', `${source.label} is empty: 0 bytes`, { location })
      : new ImageError(
          'input',
          'root/not-an-image',
          `${source.label} is not an image check-image knows: ${describeStart(source)}`,
          { location },
        );
  return unopened(part, 'unknown', 'unknown', error);
}

function foreignError({ label }: ByteSource, { name, kind }: ForeignFormat): ImageError {
  const location = { source: label };
  if (kind === 'other')
    return new ImageError('input', 'root/not-an-image', `${label} is ${name}, not an image`, { location });
  if (kind === 'encrypted') {
    const remedy = 'check the image before it is encrypted';
    return new ImageError(
      'unsupported',
      'root/encrypted',
      `${label} is ${name}: its files cannot be read without the key`,
      { location, remedy },
    );
  }
  if (kind === 'integrity') {
    const message = `${label} is ${name}: it holds no files`;
    return new ImageError('unsupported', 'root/unsupported-format', message, { location });
  }
  return new ImageError(
    'unsupported',
    'root/unsupported-format',
    `${label} is ${name}, which check-image does not read`,
    { location },
  );
}

function unopened(part: Part, kind: Layer['kind'], format: string, error: ImageError, names?: OwnNames): OpenedLayers {
  const layer = { ...layerOf(part, kind, format, []), problem: error.message, ...names };
  return { layer, devices: [deviceOf(part, { state: 'unreadable', error, ...(names ? { names } : {}) })] };
}

function layerOf({ source }: Part, kind: Layer['kind'], format: string, children: readonly Layer[]): Layer {
  return { kind, format, label: source.label, size: source.size, children, diagnostics: [] };
}

function partitionLayer({ name, source, partition }: Volume, content: Layer): Layer {
  const layer = layerOf({ source, depth: 0 }, 'partition', name, [content]);
  return partition ? { ...layer, partition } : layer;
}

function deviceOf({ source, volume }: Part, content: Content): Device {
  const device = { name: volume?.name ?? source.label, label: source.label, size: source.size, source, content };
  return volume?.partition ? { ...device, partition: volume.partition } : device;
}
