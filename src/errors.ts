/**
 * The expected failures. Everything else that is thrown is a bug in check-image (exit 70).
 */
import type { Location } from './location.ts';

/**
 * What went wrong, in the words that decide the verdict:
 * `corrupt` the bytes contradict the format, `truncated` bytes are missing, `unsupported` a valid but unread feature
 * (encryption included), `limit` a budget ran out, `input` the user named something that is not there or not usable.
 */
export type ImageErrorKind = 'corrupt' | 'truncated' | 'unsupported' | 'limit' | 'input';

export interface ImageErrorDetails {
  /** Where the offending bytes, line or key are. */
  readonly location?: Location;
  /** What the user can do about it, one sentence. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** The only error a reader may throw. `code` is stable and reads `area/what`, e.g. `ext4/bad-checksum`. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly kind: ImageErrorKind;
  readonly code: string;
  readonly location: Location | undefined;
  readonly remedy: string | undefined;

  constructor(kind: ImageErrorKind, code: string, message: string, details: ImageErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.code = code;
    this.location = details.location;
    this.remedy = details.remedy;
  }
}

/** The kind test every `catch` starts with: returns the ImageError, rethrows anything else (a bug). */
export function asImageError(error: unknown): ImageError {
  if (error instanceof ImageError) return error;
  throw error;
}
