/** The fact `usage`: how much room the mounted file systems have left. */
import type { Location } from '../../location.ts';

export interface MountedUsage {
  /** Mount point. */
  readonly path: string;
  readonly format: string;
  /** The file system. */
  readonly location: Location;
  /** Bytes, as statfs(2) has them. */
  readonly size: number;
  readonly available: number;
  /** Files that can still be made, where the format limits them. */
  readonly freeNodes?: number;
}

export interface UsageFact {
  /** Those that can be written to, in the order they are mounted. */
  readonly mounts: readonly MountedUsage[];
}
