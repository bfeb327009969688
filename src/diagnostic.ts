/**
 * What a reader noticed on the way without failing. A diagnostic is data: the report shows it, and a `damage`
 * diagnostic turns every answer it touches into "cannot tell".
 */
import type { ImageError } from './errors.ts';
import type { Location } from './location.ts';

export interface Diagnostic {
  /** `note` does not touch any answer; `damage` means evidence is missing or untrustworthy. */
  readonly level: 'note' | 'damage';
  /** Stable, `area/what`. */
  readonly code: string;
  /** One sentence: what was seen and what it means for the answer. */
  readonly message: string;
  readonly location?: Location;
  /** Of damage that leaves no answer alone: the image is not the one that was built. */
  readonly touches?: 'everything';
}

/** Records a failure as damage, so that siblings of the unreadable thing can go on. */
export function damageFrom(error: ImageError): Diagnostic {
  const base = { level: 'damage', code: error.code, message: error.message } as const;
  return error.location ? { ...base, location: error.location } : base;
}
