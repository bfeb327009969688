/**
 * Facts: what the image says, as plain JSON, each value with the place it comes from. A reader never judges.
 */
import type { Diagnostic } from '../diagnostic.ts';
import type { ImageFacts } from '../root/image-facts.ts';
import type { RootView } from '../root/root-view.ts';
import type { FactTypes } from './fact-types.ts';

export type FactId = keyof FactTypes;

/**
 * Evidence that could not be read, bound to what it touches: `keys` names the records (unit, sysctl key, path ...) that
 * cannot be trusted, absent it is the whole fact. A check whose evidence is touched ends in "cannot tell".
 */
export interface Gap {
  readonly cause: Diagnostic;
  readonly keys?: readonly string[];
}

export interface FactResult<T> {
  readonly value: T;
  /** Notes and damage met on the way. */
  readonly diagnostics: readonly Diagnostic[];
  readonly gaps: readonly Gap[];
}

/** One question to the image. `key` is empty for facts that exist once. */
export interface FactRequest {
  readonly fact: FactId;
  readonly key: string;
}

/** What a reader may use besides the view: other facts (each read once per image), and the image itself. */
export interface FactContext {
  get<K extends FactId>(fact: K, key?: string): FactResult<FactTypes[K]>;
  /** A per-image object made on first use and shared between readers (an index, a parsed set); `name` is `factId/what`. */
  share<T>(name: string, make: () => T): T;
  readonly image: ImageFacts;
}

export type { ImageFacts, SideFile } from '../root/image-facts.ts';
export { leastSure, type Standing } from '../root/resolution.ts';

export interface FactReader<K extends FactId> {
  readonly id: K;
  /** One line: what it says. For `inspect` and the reference. */
  readonly title: string;
  /** Globs of the paths it looks at. Documentation. */
  readonly reads: readonly string[];
  /** Facts it asks for. The registry test holds the reader to it. */
  readonly needs: readonly FactId[];
  /**
   * Loads what `read` needs and no other path should pay for (a parser), if this image calls for it: reading itself never waits.
   * Done once per image, before any fact that needs this one is read.
   */
  prepare?(view: RootView, context: FactContext): Promise<void>;
  read(view: RootView, context: FactContext, key: string): FactResult<FactTypes[K]>;
}
