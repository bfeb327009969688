/** Kinds of layers by their media type (OCI Image Format 1.1, "Media Types"; Docker Image Manifest v2.2), less the compression. */
import { ImageError } from '../../errors.ts';
import type { Descriptor } from './documents.ts';

const plain = [
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.docker.image.rootfs.diff.tar',
  'application/vnd.docker.image.rootfs.diff',
];
const foreign = [
  'application/vnd.oci.image.layer.nondistributable.v1.tar',
  'application/vnd.docker.image.rootfs.foreign.diff.tar',
];

/** ImageError `unsupported` for a layer that lies elsewhere, is encrypted, or is none. */
export function checkLayerKind({ mediaType, digest }: Descriptor, label: string): void {
  const [base = '', ...suffixes] = mediaType.replace(/\.(gzip|zstd)$/, '').split('+');
  const refuse = (code: string, what: string, remedy: string): ImageError =>
    new ImageError('unsupported', code, `the layer ${digest} ${what} (${mediaType})`, {
      location: { source: label },
      remedy,
    });
  if (foreign.includes(base))
    throw refuse(
      'oci/foreign-layer',
      'is foreign: its content is not in the image',
      'check an image that holds all layers',
    );
  if (suffixes.includes('encrypted'))
    throw refuse('oci/encrypted-layer', 'is encrypted', 'check the image before it is encrypted');
  if (!plain.includes(base))
    throw refuse('oci/unknown-layer', 'is no layer of a file system', 'check an image of a root file system');
}
