/**
 * Layers put on each other as extracting them would (OCI Image Format 1.1, "Image Layer Filesystem Changeset"): what a layer
 * takes away lies in lower layers only, wherever in the layer its whiteout stands; a hard link may join a file of a lower
 * layer. No name that begins with `.wh.` reaches the tree.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import type { Limits } from '../../limits.ts';
import { ArchiveTree } from '../archive-tree.ts';
import type { FileSystem } from '../file-system.ts';
import { MemberFileSystem } from '../tar/member-file-system.ts';
import { MemberReader, type TarMember } from '../tar/members.ts';

const WHITEOUT = '.wh.';
/** Empties its directory; other names with this beginning are aufs's own. */
const OPAQUE = '.wh..wh..opq';
const RESERVED = '.wh..wh.';

export class LayerTree {
  readonly #label: string;
  readonly #limits: Limits;
  readonly #tree: ArchiveTree<TarMember>;
  readonly #archives = new Map<TarMember, ByteSource>();
  readonly #diagnostics: Diagnostic[] = [];

  constructor(label: string, limits: Limits) {
    this.#label = label;
    this.#limits = limits;
    this.#tree = new ArchiveTree('oci', label, limits);
  }

  /** Puts an uncompressed layer on top. ImageError if it is no whole tar archive. */
  add(archive: ByteSource): void {
    this.#tree.beginLayer();
    const reader = new MemberReader(archive, this.#limits);
    const members: TarMember[] = [];
    for (let member = reader.next(); member; member = reader.next()) {
      if (`/${member.path}`.includes(`/${WHITEOUT}`)) this.#takeAway(member.path);
      else members.push(member);
    }
    for (const member of members) {
      this.#archives.set(member, archive);
      this.#tree.place(member);
    }
    // That a layer is complete is what its digest says.
    this.#diagnostics.push(...reader.diagnostics.filter(({ code }) => code !== 'tar/no-end-marker'));
  }

  /** The tree of all layers; `onClose` gives back what they are read from. */
  finish(onClose: () => void): FileSystem {
    const archives = this.#archives;
    const fileSystem = new MemberFileSystem({
      format: 'oci',
      label: this.#label,
      volumeLabel: '',
      root: this.#tree.root,
      tree: this.#tree,
      diagnostics: [...this.#diagnostics, ...this.#tree.diagnostics()],
      limits: this.#limits,
      archiveOf: (member) => archives.get(member) as ByteSource,
    });
    fileSystem.close = onClose;
    return fileSystem;
  }

  #takeAway(path: string): void {
    const slash = path.lastIndexOf('/') + 1;
    const folder = path.slice(0, slash);
    const name = path.slice(slash);
    if (`/${folder}`.includes(`/${WHITEOUT}`)) return;
    if (name === OPAQUE) this.#tree.remove(folder, 'content');
    if (name.startsWith(RESERVED)) return;
    const hidden = name.slice(WHITEOUT.length);
    if (hidden !== '' && hidden !== '.' && hidden !== '..') this.#tree.remove(folder + hidden, 'all');
  }
}
