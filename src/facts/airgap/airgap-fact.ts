/** The fact `airgap`: container images that k3s loads from its data directory at start. */
import type { Location } from '../../location.ts';

export interface AirgapImage {
  /** With tag: `docker.io/rancher/mirrored-pause:3.6`. */
  readonly names: readonly string[];
  /** As the image's configuration says it: `amd64`, `arm64`. */
  readonly architecture?: string;
}

export interface AirgapFile {
  readonly name: string;
  readonly location: Location;
  /** `archive` and `list` (of images to pull) are what k3s takes; it passes over `other`. */
  readonly kind: 'archive' | 'list' | 'other';
  readonly images: readonly AirgapImage[];
  /** Why k3s could not load it. */
  readonly problem?: string;
}

export interface AirgapFact {
  readonly directory: { readonly path: string; readonly isPresent: boolean; readonly location: Location };
  readonly files: readonly AirgapFile[];
}
