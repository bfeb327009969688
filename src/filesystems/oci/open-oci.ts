/**
 * A container image as one file system: an OCI layout (folder or archive), or what `docker save` and skopeo write as
 * docker-archive. Every document and layer is held against the digest it is named by before it is read.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { codecs } from '../../bytes/codecs/registry.ts';
import { ImageError } from '../../errors.ts';
import type { FileSystem, OpenOptions } from '../file-system.ts';
import { Blobs } from './blobs.ts';
import { chooseManifest, isForPlatform } from './choose-manifest.ts';
import { parseDiffIds, parseDockerImages, parseImagePlatform } from './documents.ts';
import { checkLayerKind } from './layer-media-types.ts';
import { LayerTree } from './layer-tree.ts';

/** A layer as it lies in the image. */
interface StoredLayer {
  readonly open: () => ByteSource;
  /** Digest of the expanded layer, where nothing else vouches for it. */
  readonly diffId?: string;
}

/** Opens the image in a container's own tree, which is closed with it. */
export async function openOci(container: FileSystem, options: OpenOptions): Promise<FileSystem> {
  const { limits, platform } = options;
  const blobs = new Blobs(container, limits);
  const layers = blobs.has('index.json') ? listOciLayers(blobs, options) : listDockerLayers(blobs, platform);
  const tree = new LayerTree(container.label, limits);
  const opened: ByteSource[] = [];
  const close = (): void => {
    for (const each of opened.splice(0)) each.close();
    container.close();
  };
  try {
    for (const { open, diffId } of layers) {
      const stored = open();
      const codec = codecs.find((each) => each.detect(stored));
      const archive = codec ? await codec.open(stored, { limits }) : stored;
      opened.push(archive);
      if (diffId !== undefined) blobs.verify(archive, diffId);
      tree.add(archive);
    }
    return tree.finish(close);
  } catch (error) {
    close();
    throw error;
  }
}

function listOciLayers(blobs: Blobs, { limits, platform }: OpenOptions): StoredLayer[] {
  const { layers } = chooseManifest(blobs, platform, limits);
  for (const layer of layers) checkLayerKind(layer, blobs.label);
  return layers.map((layer) => ({ open: () => blobs.openBlob(layer) }));
}

/** The archive names layers by path only: the configuration, named by its own digest, vouches for them. */
function listDockerLayers(blobs: Blobs, platform: string | undefined): StoredLayer[] {
  const label = `${blobs.label}:/manifest.json`;
  const images = parseDockerImages(blobs.readText(blobs.open('manifest.json')), label);
  const location = { source: blobs.label, path: '/manifest.json' };
  const [image, other] = images;
  if (!image || other) {
    const tags = images.flatMap(({ tags }) => tags).join(', ');
    const message = `${blobs.label} holds ${images.length} images${tags === '' ? '' : `: ${tags}`}`;
    throw new ImageError('input', 'oci/several-images', message, { location, remedy: 'save one image to an archive' });
  }
  const config = blobs.open(image.config);
  const named = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(image.config)?.[1];
  if (named !== undefined) blobs.verify(config, `sha256:${named}`);
  const text = blobs.readText(config);
  if (platform !== undefined && !isForPlatform(parseImagePlatform(text, config.label), platform))
    throw new ImageError('input', 'oci/no-such-image', `${blobs.label} holds no image for ${platform}`, { location });
  const ids = parseDiffIds(text, config.label);
  if (ids.length !== image.layers.length) {
    const message = `${label} names ${image.layers.length} layers, its configuration ${ids.length}`;
    throw new ImageError('corrupt', 'oci/layer-count', message, { location });
  }
  return image.layers.map((path, index) => ({ open: () => blobs.open(path), diffId: ids[index] as string }));
}
