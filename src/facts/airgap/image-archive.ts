/**
 * Archives of container images: the tar of `docker save` (manifest.json) or an OCI image layout (index.json). Read are the
 * names and architectures, not the layers.
 */
import { ImageError } from '../../errors.ts';
import type { FileSystem } from '../../filesystems/file-system.ts';
import type { Limits } from '../../limits.ts';
import type { AirgapImage } from './airgap-fact.ts';

/** Images of one archive. */
const MAX_IMAGES = 256;

/** What the archive holds; ImageError if it holds no images k3s could load. */
export function readImageArchive(archive: FileSystem, limits: Limits): readonly AirgapImage[] {
  const saved = readJson(archive, 'manifest.json', limits);
  if (Array.isArray(saved)) return saved.slice(0, MAX_IMAGES).map((one) => readSavedImage(archive, one, limits));
  const index = readJson(archive, 'index.json', limits);
  const manifests = memberOf(index, 'manifests');
  if (Array.isArray(manifests))
    return manifests.slice(0, MAX_IMAGES).map((one) => readLayoutImage(archive, one, limits));
  throw new ImageError('corrupt', 'airgap/no-images', 'the archive has neither manifest.json nor index.json');
}

function readSavedImage(archive: FileSystem, entry: unknown, limits: Limits): AirgapImage {
  const tags = memberOf(entry, 'RepoTags');
  const config = memberOf(entry, 'Config');
  const names = Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
  return withArchitecture(names, typeof config === 'string' ? readJson(archive, config, limits) : undefined);
}

function readLayoutImage(archive: FileSystem, descriptor: unknown, limits: Limits): AirgapImage {
  const annotations = memberOf(descriptor, 'annotations');
  const name =
    memberOf(annotations, 'io.containerd.image.name') ?? memberOf(annotations, 'org.opencontainers.image.ref.name');
  const names = typeof name === 'string' ? [name] : [];
  const platform = memberOf(descriptor, 'platform');
  if (platform !== undefined) return withArchitecture(names, platform);
  const manifest = readBlob(archive, descriptor, limits);
  return withArchitecture(names, readBlob(archive, memberOf(manifest, 'config'), limits));
}

function withArchitecture(names: readonly string[], config: unknown): AirgapImage {
  const architecture = memberOf(config, 'architecture');
  return typeof architecture === 'string' ? { names, architecture } : { names };
}

function readBlob(archive: FileSystem, descriptor: unknown, limits: Limits): unknown {
  const digest = memberOf(descriptor, 'digest');
  const [, algorithm, hex] =
    /^(sha256|sha512):([0-9a-f]{64,128})$/.exec(typeof digest === 'string' ? digest : '') ?? [];
  return hex === undefined ? undefined : readJson(archive, `blobs/${algorithm}/${hex}`, limits);
}

/** A JSON file of the archive; undefined if it is not there. */
function readJson(archive: FileSystem, path: string, limits: Limits): unknown {
  let node: number | undefined = archive.root;
  for (const name of path.split('/')) {
    if (node === undefined || archive.stat(node).type !== 'directory') return undefined;
    node = archive.lookup(node, name);
  }
  if (node === undefined || archive.stat(node).type !== 'file') return undefined;
  const { size } = archive.stat(node);
  if (size > limits.textBytes) throw new ImageError('limit', 'limit/textBytes', `${path} of the archive is too large`);
  const source = archive.open(node);
  try {
    return JSON.parse(new TextDecoder().decode(source.read(0, source.size)));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw new ImageError('corrupt', 'airgap/bad-json', `${path} of the archive is no JSON`);
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
