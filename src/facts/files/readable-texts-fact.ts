import type { Location } from '../../location.ts';

/** Small files that every account of the image can read, in the folders people and recipes put things into. */
export interface ReadableTextsFact {
  readonly files: readonly { readonly path: string; readonly text: string; readonly location: Location }[];
}
