/**
 * The fact `store-secrets`: files of the configuration that hold a secret. Everything in a store may be read by everybody. Looked
 * at are the store paths that are no packages, which bring along keys of their own for tests and examples; files up to 256 KiB.
 */
import { decodeBytes } from '../../bytes/names.ts';
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { parseStorePath } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import { walkTree } from '../../root/walk-tree.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import { isPackageName } from '../packages/nix-name.ts';
import { secretPatterns } from './secret-patterns.ts';
import { shareClosure } from './share-closure.ts';
import type { StoreSecret, StoreSecretsFact } from './store-secrets-fact.ts';

const MAX_FILE = 256 << 10;

export const storeSecretsReader: FactReader<'store-secrets'> = {
  id: 'store-secrets',
  title: 'Secrets in files of a NixOS configuration, which everybody may read',
  reads: ['/nix/store/*', '/nix/store/*/**'],
  needs: [],
  read: readStoreSecrets,
};

function readStoreSecrets(view: RootView, context: FactContext): FactResult<StoreSecretsFact> {
  const { nixos } = context.image;
  if (!nixos) return { value: { secrets: [] }, diagnostics: [], gaps: [] };
  const { closure, causes } = shareClosure(view, context, nixos.toplevel);
  const problems: Diagnostic[] = closure ? [] : [...causes];
  const secrets: StoreSecret[] = [];
  for (const path of closure?.paths ?? []) {
    if (isPackageName(parseStorePath(path)?.name ?? '') || view.readLink(path) !== undefined) continue;
    for (const entry of walkTree(view, path)) {
      const location = view.locate(entry.path);
      try {
        if (entry.error) throw entry.error;
        if (entry.type === 'file') secrets.push(...findSecrets(view, entry.path));
      } catch (thrown) {
        problems.push({ location, ...damageFrom(asImageError(thrown)) });
      }
    }
  }
  return { value: { secrets }, diagnostics: problems, gaps: problems.map((cause) => ({ cause })) };
}

/** The first of each kind in a file. */
function findSecrets(view: RootView, path: string): readonly StoreSecret[] {
  const source = view.open(path);
  if (source.size > MAX_FILE) return [];
  const bytes = source.read(0, source.size);
  // A NUL makes it no text of a configuration.
  if (bytes.includes(0)) return [];
  const found = new Map<string, StoreSecret>();
  for (const [index, line] of decodeBytes(bytes).split('\n').entries())
    for (const { what, pattern } of secretPatterns)
      if (!found.has(what) && pattern.test(line))
        found.set(what, { path, what, location: view.locate(path, index + 1) });
  return [...found.values()];
}
