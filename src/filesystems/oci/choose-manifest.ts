/**
 * The one image of a layout: its index, and indexes in it, down to manifests. Which of several is chosen depends on what is
 * asked for and never on the host.
 */
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import type { Blobs } from './blobs.ts';
import {
  type Descriptor,
  type ImageDocument,
  type Platform,
  parseImageDocument,
  parseImagePlatform,
} from './documents.ts';

export type Manifest = Extract<ImageDocument, { readonly kind: 'manifest' }>;

interface Candidate {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  readonly platform: Platform;
  readonly name: string | undefined;
}

/** ImageError `input` if there is none, or several and nothing to choose by: it lists them. */
export function chooseManifest(blobs: Blobs, platform: string | undefined, limits: Limits): Manifest {
  const candidates = findCandidates(blobs, limits);
  const wanted =
    platform === undefined ? candidates : candidates.filter((each) => isForPlatform(each.platform, platform));
  const [chosen] = wanted;
  const digests = new Set(wanted.map(({ descriptor }) => descriptor.digest));
  if (chosen && digests.size === 1) return chosen.manifest;
  const held = [...new Set(candidates.map(describeCandidate))].join(', ') || 'none';
  const location = { source: blobs.label };
  if (!chosen) {
    const asked = platform === undefined ? 'no image' : `no image for ${platform}`;
    throw new ImageError('input', 'oci/no-such-image', `${blobs.label} holds ${asked}; it holds ${held}`, { location });
  }
  throw new ImageError('input', 'oci/several-images', `${blobs.label} holds several images: ${held}`, {
    location,
    remedy: 'name one with --platform',
  });
}

function findCandidates(blobs: Blobs, limits: Limits): Candidate[] {
  const index = parseImageDocument(blobs.readText(blobs.open('index.json')), `${blobs.label}:/index.json`);
  if (index.kind !== 'index') {
    throw new ImageError('corrupt', 'oci/bad-document', `${blobs.label}:/index.json is no index`, {
      location: { source: blobs.label, path: '/index.json' },
    });
  }
  const candidates: Candidate[] = [];
  const seen = new Set<string>();
  const stack = [...index.manifests].reverse().map((descriptor) => ({ descriptor, name: descriptor.name, depth: 1 }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { descriptor, depth } = next;
    const name = descriptor.name ?? next.name;
    if (descriptor.isAttached || seen.has(descriptor.digest)) continue;
    seen.add(descriptor.digest);
    if (depth > limits.nesting) throw limitExceeded('nesting', limits, 'an index in an index', { source: blobs.label });
    const source = blobs.openBlob(descriptor);
    const document = parseImageDocument(blobs.readText(source), source.label);
    if (document.kind === 'manifest') {
      const platform = descriptor.platform ?? readPlatform(blobs, document);
      candidates.push({ descriptor, manifest: document, platform, name });
    } else {
      const inner = document.manifests.map((each) => ({ descriptor: each, name, depth: depth + 1 }));
      stack.push(...inner.reverse());
    }
  }
  return candidates;
}

/** What the image's configuration says of itself, where its index does not. */
function readPlatform(blobs: Blobs, { config }: Manifest): Platform {
  const source = blobs.openBlob(config);
  return parseImagePlatform(blobs.readText(source), source.label);
}

/** `linux/arm64` means every variant of it, `linux/arm/v7` one. */
export function isForPlatform({ os, architecture, variant }: Platform, asked: string): boolean {
  return asked === `${os}/${architecture}` || (variant !== '' && asked === `${os}/${architecture}/${variant}`);
}

function describeCandidate({ platform: { os, architecture, variant }, name }: Candidate): string {
  const platform = `${os || 'unknown'}/${architecture || 'unknown'}${variant === '' ? '' : `/${variant}`}`;
  return name === undefined ? platform : `${platform} (${name})`;
}
