/** The facts of an opened image: asked for one by one, or all that exist once. */
import type { OpenedImage } from '../root/open-image.ts';
import type { FactId, FactResult } from './fact.ts';
import { FactStore } from './fact-store.ts';
import type { FactTypes } from './fact-types.ts';
import { factReaders } from './registry.ts';

/** Facts that are asked for with a path or a name: they exist once for each, not once for an image. */
export const keyedFacts: ReadonlySet<FactId> = new Set<FactId>(['file', 'text', 'binary', 'nix-hash', 'unit']);

/** Facts that read everything there is: no part of a list that was not asked for. */
export const costlyFacts: ReadonlySet<FactId> = new Set<FactId>(['nix-hashes']);

export type Facts = { readonly [K in FactId]?: FactResult<FactTypes[K]> };

/** Where checks get their facts from; each is read when it is first asked for. */
export function openFacts({ view, facts }: Pick<OpenedImage, 'view' | 'facts'>): FactStore {
  return new FactStore(view, facts);
}

/** Facts by their ids: those given, else every one that needs no path or name and not all of the image. Plain JSON. */
export async function readFacts(
  source: FactStore,
  ids: readonly FactId[] = listFacts().filter((id) => !keyedFacts.has(id) && !costlyFacts.has(id)),
): Promise<Facts> {
  await source.prepare(ids);
  return Object.fromEntries(ids.map((id) => [id, source.get(id)]));
}

export function listFacts(): readonly FactId[] {
  return Object.keys(factReaders) as FactId[];
}
