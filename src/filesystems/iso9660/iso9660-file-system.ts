/** ISO 9660 as a FileSystem: node numbers are byte offsets of directory records. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { encodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { DirectoryEntry, FileSystem, NodeId, NodeType, Stat } from '../file-system.ts';
import { contentSize, openContent } from './content.ts';
import { Directories } from './directories.ts';
import type { BootImage } from './el-torito.ts';
import type { IsoImage } from './image.ts';
import { type IsoNode, readNode, statNode } from './nodes.ts';

export class Iso9660FileSystem implements FileSystem {
  readonly format = 'iso9660';
  readonly label: string;
  readonly volumeLabel: string;
  readonly uuid: string;
  readonly root: NodeId;
  readonly diagnostics: readonly Diagnostic[];
  /** What the firmware may boot, from El Torito's catalog. */
  readonly bootImages: readonly BootImage[];
  readonly #image: IsoImage;
  readonly #directories: Directories;
  /** What is asked about one file is asked in a row. */
  #latest: IsoNode | undefined;

  constructor(
    image: IsoImage,
    bootImages: readonly BootImage[],
    { volumeId, uuid }: { volumeId: string; uuid: string },
  ) {
    this.label = image.source.label;
    this.volumeLabel = volumeId;
    this.uuid = uuid;
    this.root = image.volume.root;
    this.diagnostics = image.diagnostics;
    this.bootImages = bootImages;
    this.#image = image;
    this.#directories = new Directories(image);
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    return this.#directories.lookup(this.#ofType(directory, 'directory'), name);
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    return this.#directories.list(this.#ofType(directory, 'directory'));
  }

  stat(node: NodeId): Stat {
    const found = this.#node(node);
    return statNode(found, this.#size(found));
  }

  readLink(node: NodeId): string {
    const { rockRidge, id } = this.#ofType(node, 'symlink');
    const target = rockRidge?.target;
    if (target === undefined || target === '') throw this.#image.corrupt('bad-symlink', 'a symlink has no target', id);
    return target;
  }

  open(node: NodeId, label = this.label): ByteSource {
    return openContent(this.#image, this.#ofType(node, 'file'), label);
  }

  /** None: those that xorriso can add (AAIP) are not Rock Ridge's, and no system shows them. */
  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    this.#node(node);
    return new Map();
  }

  /** Nothing to let go: the source belongs to whoever opened it. */
  close(): void {}

  #node(id: NodeId): IsoNode {
    if (this.#latest?.id !== id) this.#latest = readNode(this.#image, id);
    return this.#latest;
  }

  #size(node: IsoNode): number {
    if (node.type === 'file') return contentSize(this.#image, node);
    if (node.type === 'symlink') return encodeBytes(node.rockRidge?.target ?? '').length;
    return node.type === 'directory' ? node.size : 0;
  }

  #ofType(node: NodeId, type: NodeType): IsoNode {
    const found = this.#node(node);
    if (found.type === type) return found;
    throw new ImageError('input', `iso9660/not-a-${type}`, `this is a ${found.type}, not a ${type}`, {
      location: { source: this.label, offset: found.id },
    });
  }
}
