/**
 * The JSON documents of container images: image index, image manifest and descriptor (OCI Image Format 1.1), configuration
 * (`rootfs.diff_ids`), and the list in docker's archives. A document that is index and manifest at once is refused, since two
 * readers may see two images in it.
 */
import { ImageError } from '../../errors.ts';

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
}

export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` or `sha512:` and hex digits. */
  readonly digest: string;
  readonly size: number;
  readonly platform?: Platform;
  /** Name given to an image in the layout's index. */
  readonly name?: string;
  /** Says that it is no image but goes with one (a signature, an attestation). */
  readonly isAttached: boolean;
}

export type ImageDocument =
  | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] }
  | { readonly kind: 'manifest'; readonly config: Descriptor; readonly layers: readonly Descriptor[] };

export interface DockerImage {
  readonly config: string;
  readonly tags: readonly string[];
  /** Paths in the archive, lowest first. */
  readonly layers: readonly string[];
}

const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
/** More than any image has. */
const MAX_DESCRIPTORS = 4096;

type Fields = Readonly<Record<string, unknown>>;

/** An index or a manifest; ImageError `corrupt` if it is neither, or both. */
export function parseImageDocument(text: string, label: string): ImageDocument {
  const document = parseObject(text, label);
  const { manifests, layers, config } = document;
  if (manifests !== undefined && (layers !== undefined || config !== undefined))
    throw corrupt('oci/ambiguous', label, 'is an index and a manifest at once');
  if (document.schemaVersion !== 2) throw corrupt('oci/bad-version', label, 'has no schemaVersion 2');
  if (manifests !== undefined) return { kind: 'index', manifests: parseDescriptors(manifests, label) };
  if (config === undefined) throw corrupt('oci/bad-document', label, 'is neither an index nor a manifest');
  return { kind: 'manifest', config: parseDescriptor(config, label), layers: parseDescriptors(layers, label) };
}

/** Digests of the uncompressed layers, lowest first. */
export function parseDiffIds(text: string, label: string): readonly string[] {
  const ids = asObject(parseObject(text, label).rootfs, label).diff_ids;
  return asArray(ids, label).map((id) => checkDigest(id, label));
}

/** The platform in an image's configuration. */
export function parseImagePlatform(text: string, label: string): Platform {
  return parsePlatform(parseObject(text, label));
}

/** `manifest.json` of `docker save`. */
export function parseDockerImages(text: string, label: string): readonly DockerImage[] {
  return asArray(parseJson(text, label), label).map((each) => {
    const { Config, Layers, RepoTags } = asObject(each, label);
    const layers = asArray(Layers, label).map((path) => asText(path, label));
    const tags = RepoTags === null || RepoTags === undefined ? [] : asArray(RepoTags, label);
    return { config: asText(Config, label), layers, tags: tags.map((tag) => asText(tag, label)) };
  });
}

function parseDescriptors(value: unknown, label: string): Descriptor[] {
  return asArray(value, label).map((each) => parseDescriptor(each, label));
}

function parseDescriptor(value: unknown, label: string): Descriptor {
  const { mediaType, digest, size, platform, annotations } = asObject(value, label);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw corrupt('oci/bad-descriptor', label, 'holds a descriptor without a usable size');
  const notes = annotations === undefined || annotations === null ? {} : asObject(annotations, label);
  const name = notes['org.opencontainers.image.ref.name'];
  const known = platform === undefined || platform === null ? undefined : parsePlatform(asObject(platform, label));
  return {
    mediaType: asText(mediaType, label),
    digest: checkDigest(digest, label),
    size,
    isAttached: known?.os === 'unknown' || notes['vnd.docker.reference.type'] !== undefined,
    ...(known ? { platform: known } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
}

function parsePlatform({ os, architecture, variant }: Fields): Platform {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { os: text(os), architecture: text(architecture), variant: text(variant) };
}

/** A digest becomes part of a path: nothing but its own form is let through. */
function checkDigest(value: unknown, label: string): string {
  if (typeof value === 'string' && digestPattern.test(value)) return value;
  throw corrupt('oci/bad-digest', label, `holds a digest that is none: ${JSON.stringify(value)?.slice(0, 100)}`);
}

function parseObject(text: string, label: string): Fields {
  return asObject(parseJson(text, label), label);
}

function parseJson(text: string, label: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw corrupt('oci/bad-json', label, 'is not JSON');
    throw error;
  }
}

function asObject(value: unknown, label: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw corrupt('oci/bad-document', label, 'does not have the form of its kind');
}

function asArray(value: unknown, label: string): readonly unknown[] {
  if (Array.isArray(value) && value.length <= MAX_DESCRIPTORS) return value;
  throw corrupt('oci/bad-document', label, 'does not have the form of its kind');
}

function asText(value: unknown, label: string): string {
  if (typeof value === 'string') return value;
  throw corrupt('oci/bad-document', label, 'does not have the form of its kind');
}

function corrupt(code: string, label: string, what: string): ImageError {
  return new ImageError('corrupt', code, `${label} ${what}`, { location: { source: label } });
}
