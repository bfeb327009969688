/** The fact `nix-hash`: whether a store path still is what Nix registered. Reads all of it: only asked for when that is meant. */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import type { PathHash } from './hash-paths.ts';
import { parseNixHash } from './hash-text.ts';
import { hashNar } from './nar-hash.ts';
import type { NixHashFact } from './nix-hash-fact.ts';
import { shareKnownPaths } from './share-closure.ts';

export const nixHashReader: FactReader<'nix-hash'> = {
  id: 'nix-hash',
  title: 'Whether the content of a store path is what Nix registered',
  reads: ['/nix/store/*/**'],
  needs: [],
  read: readNixHash,
};

function readNixHash(view: RootView, context: FactContext, path: string): FactResult<NixHashFact> {
  const location = view.locate(path);
  try {
    const registered = shareRegisteredHashes(view, context).get(path);
    const found = view.find(path, 'parents');
    if (!found || registered === undefined) {
      const state = found ? 'unregistered' : 'missing';
      return { value: { path, state, location }, diagnostics: [], gaps: [] };
    }
    const known = shareContentHashes(context).get(path);
    if (known instanceof ImageError) throw known;
    const hash = known ?? Buffer.from(hashNar(found.fileSystem, found.node, view.limits)).toString('hex');
    const state = hash === registered ? 'same' : 'changed';
    return { value: { path, state, hash, registered, location }, diagnostics: [], gaps: [] };
  } catch (thrown) {
    const cause = { location, ...damageFrom(asImageError(thrown)) };
    return { value: { path, state: 'unreadable', location }, diagnostics: [cause], gaps: [{ cause }] };
  }
}

/** What was hashed already, by path. */
export function shareContentHashes(context: FactContext): Map<string, PathHash> {
  return context.share('nix-hash/content', () => new Map<string, PathHash>());
}

/** Hashes in hex by path, as Nix wrote them down; what is no SHA-256 is left out. Throws if the records are damaged. */
export function shareRegisteredHashes(view: RootView, context: FactContext): ReadonlyMap<string, string> {
  return context.share('nix-hash/registered', () => readRegistered(view, context));
}

function readRegistered(view: RootView, context: FactContext): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const { path, narHash } of shareKnownPaths(view, context)?.paths ?? []) {
    const hash = parseNixHash(narHash);
    if (hash !== undefined) hashes.set(path, hash);
  }
  return hashes;
}
