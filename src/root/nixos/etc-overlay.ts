/**
 * /etc of a system with `system.etc.overlay` (nixpkgs: nixos/modules/system/etc/etc-activation.nix): stage 1 mounts an overlay
 * there. Its lower layer is an EROFS image of directories, symlinks and inodes of files; the content of a file lies in a
 * directory of the store, at the path its `trusted.overlay.redirect` names (kernel docs, filesystems/overlayfs, "Data-only lower
 * layers"). The upper layer of a mutable /etc is /.rw-etc/upper. Directories that were renamed in it are not followed.
 */
import { decodeBytes } from '../../bytes/names.ts';
import { ImageError } from '../../errors.ts';
import type { FileSystem, NodeId, Stat } from '../../filesystems/file-system.ts';
import type { Found } from '../resolution.ts';
import type { RootView } from '../root-view.ts';
import { UnreadableFileSystem } from '../unreadable-file-system.ts';
import type { Addition, Fill } from './activated-file-system.ts';
import { readInitExtension } from './bootspec.ts';
import { storeDirectory } from './store-path.ts';

/** Where a system has the parts of the overlay. */
export interface EtcOverlay {
  /** The EROFS image. */
  readonly metadata: string;
  /** Directory with the content of files. */
  readonly data: string;
  /** Whether /etc can be written to; undefined if neither the activation script nor the image shows it. */
  readonly isMutable?: boolean;
}

const upperDirectory = '/.rw-etc/upper';
const redirect = 'trusted.overlay.redirect';
const metacopy = 'trusted.overlay.metacopy';
const opaque = 'trusted.overlay.opaque';

/** The overlay of a toplevel; undefined if activation fills /etc. */
export function findEtcOverlay(view: RootView, toplevel: string): EtcOverlay | undefined {
  const named = readInitExtension(view, toplevel);
  const metadata = view.readLink(`${toplevel}/etc-metadata-image`) ?? named.etc_metadata_image;
  const data = view.readLink(`${toplevel}/etc-basedir`) ?? named.etc_basedir;
  if (metadata === undefined || data === undefined || !metadata.startsWith(`${storeDirectory}/`)) return undefined;
  const script = view.readText(`${toplevel}/activate`) ?? '';
  if (view.find(upperDirectory) !== undefined || script.includes(`upperdir=${upperDirectory}`))
    return { metadata, data, isMutable: true };
  return script.includes('--type overlay') ? { metadata, data, isMutable: false } : { metadata, data };
}

/** What /etc shows. `metadata` is the opened EROFS image. */
export function fillEtcOverlay(view: RootView, { data }: EtcOverlay, metadata: FileSystem): Fill {
  return fillDirectory({ view, metadata, data }, metadata.root, view.find(upperDirectory));
}

/** A file or directory, and its path in its file system. */
type Place = Pick<Found, 'fileSystem' | 'node' | 'innerPath'>;

interface Layers {
  readonly view: RootView;
  readonly metadata: FileSystem;
  readonly data: string;
}

/** `upper`: the directory of the upper layer at the same path, `lower` that of the metadata image. */
function fillDirectory(layers: Layers, lower: NodeId | undefined, upper: Place | undefined): Fill {
  return () => {
    const additions = new Map<string, Addition>();
    const { metadata } = layers;
    for (const { name, node } of lower === undefined ? [] : metadata.list(lower)) {
      const addition = lowerAddition(layers, node);
      if (addition) additions.set(name, addition);
    }
    for (const { name, node } of upper ? upper.fileSystem.list(upper.node) : []) {
      const below = lower === undefined ? undefined : metadata.lookup(lower, name);
      const addition =
        upper && upperAddition(layers, { ...upper, node, innerPath: `${upper.innerPath}/${name}` }, below);
      if (addition) additions.set(name, addition);
      else additions.delete(name);
    }
    return additions;
  };
}

function lowerAddition(layers: Layers, node: NodeId): Addition | undefined {
  const { metadata } = layers;
  const stat = metadata.stat(node);
  switch (stat.type) {
    case 'directory':
      return { type: 'directory', owned: ownershipOf(stat), fill: fillDirectory(layers, node, undefined) };
    case 'symlink':
      return { type: 'symlink', target: metadata.readLink(node) };
    case 'file':
      return { type: 'file', from: contentOf(layers, node), owned: ownershipOf(stat) };
    default:
      // mkcomposefs adds whiteouts: they hide what the directory of contents has at its root.
      return undefined;
  }
}

/** Undefined for a whiteout. */
function upperAddition(layers: Layers, upper: Place, lower: NodeId | undefined): Addition | undefined {
  const { fileSystem, node, innerPath } = upper;
  const stat = fileSystem.stat(node);
  switch (stat.type) {
    case 'directory': {
      const isOpaque = decodeBytes(fileSystem.xattrs(node).get(opaque) ?? new Uint8Array(0)) === 'y';
      const isMerged = !isOpaque && lower !== undefined && layers.metadata.stat(lower).type === 'directory';
      const fill = fillDirectory(layers, isMerged ? lower : undefined, upper);
      return { type: 'directory', owned: ownershipOf(stat), fill, standing: 'present' };
    }
    case 'symlink':
      return { type: 'symlink', target: fileSystem.readLink(node), origin: upper, standing: 'present' };
    case 'file': {
      const isMetacopy = lower !== undefined && fileSystem.xattrs(node).has(metacopy);
      const from = isMetacopy ? contentOf(layers, lower) : { fileSystem, node, innerPath };
      return { type: 'file', from, owned: ownershipOf(stat), standing: 'present' };
    }
    default:
      return undefined;
  }
}

/** Where the content of a file lies: in the image itself, unless it is redirected. */
function contentOf({ view, metadata, data }: Layers, node: NodeId): Place {
  const attributes = metadata.xattrs(node);
  const target = attributes.get(redirect);
  if (!attributes.has(metacopy) || !target) return { fileSystem: metadata, node, innerPath: '/' };
  const path = decodeBytes(target);
  const isInside = path.startsWith('/') && !path.split('/').includes('..');
  const found = isInside ? view.find(data + path) : undefined;
  if (found?.fileSystem.stat(found.node).type === 'file') return found;
  const error = new ImageError(
    'corrupt',
    'nixos/no-etc-content',
    `the content of a file of /etc is not in ${data}: ${path}`,
    {
      location: { source: metadata.label },
    },
  );
  return { fileSystem: new UnreadableFileSystem(metadata.label, error), node: 1, innerPath: '/' };
}

function ownershipOf({ mode, uid, gid }: Stat): { mode: number; uid: number; gid: number } {
  return { mode, uid, gid };
}
