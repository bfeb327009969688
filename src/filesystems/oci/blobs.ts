/**
 * The files of a container image's own tree (a layout folder, an archive), by path and by digest. A blob is handed out only
 * after its size and digest were found to be those it is asked for by.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { readDigest } from '../../bytes/checksums/source-digest.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import type { FileSystem, NodeId } from '../file-system.ts';
import type { Descriptor } from './documents.ts';

export class Blobs {
  readonly label: string;
  readonly #container: FileSystem;
  readonly #limits: Limits;

  constructor(container: FileSystem, limits: Limits) {
    this.label = container.label;
    this.#container = container;
    this.#limits = limits;
  }

  has(path: string): boolean {
    const node = this.#find(path);
    return node !== undefined && this.#container.stat(node).type === 'file';
  }

  /** A regular file by its path, links not followed. */
  open(path: string): ByteSource {
    const node = this.#find(path);
    if (node === undefined || this.#container.stat(node).type !== 'file') {
      throw new ImageError('corrupt', 'oci/missing-file', `${this.label} has no file ${path}`, {
        location: { source: this.label, path: `/${path}` },
        remedy: 'the image is not complete: export it again',
      });
    }
    return this.#container.open(node, `${this.label}:/${path}`);
  }

  openBlob({ digest, size }: Descriptor): ByteSource {
    const source = this.open(`blobs/${digest.replace(':', '/')}`);
    if (source.size !== size) {
      const kind = source.size < size ? 'truncated' : 'corrupt';
      throw this.#mismatch(kind, source, `has ${source.size} bytes, ${size} are stated`);
    }
    this.verify(source, digest);
    return source;
  }

  /** ImageError `corrupt` unless the bytes have the digest. */
  verify(source: ByteSource, digest: string): void {
    const algorithm = digest.startsWith('sha512:') ? 'sha512' : 'sha256';
    const found = `${algorithm}:${readDigest(source, algorithm)}`;
    if (found !== digest) throw this.#mismatch('corrupt', source, `has the digest ${found}, ${digest} is stated`);
  }

  readText(source: ByteSource): string {
    if (source.size > this.#limits.textBytes)
      throw limitExceeded('textBytes', this.#limits, source.label, { source: source.label });
    return decodeBytes(source.read(0, source.size));
  }

  #find(path: string): NodeId | undefined {
    let node: NodeId | undefined = this.#container.root;
    for (const name of path.split('/')) {
      if (node === undefined || this.#container.stat(node).type !== 'directory') return undefined;
      node = this.#container.lookup(node, name);
    }
    return node;
  }

  #mismatch(kind: 'corrupt' | 'truncated', source: ByteSource, what: string): ImageError {
    return new ImageError(kind, 'oci/digest-mismatch', `${source.label} ${what}`, {
      location: { source: source.label },
      remedy: 'the image is damaged: export it again',
    });
  }
}
