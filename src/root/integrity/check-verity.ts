/**
 * Whether the dm-verity trees of an image fit what boots it. Always: the root hash that the top of a tree gives, which is one block to
 * read. Where everything is to be read: the whole tree, from the data on.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { compareRootHash } from '../../volumes/verity/compare-root-hash.ts';
import { readTopHash } from '../../volumes/verity/read-top-hash.ts';
import { readVeritySuperblock } from '../../volumes/verity/superblock.ts';
import { readSignedHash } from '../../volumes/verity/verity-signature.ts';
import type { VerityTree } from './verity-trees.ts';

/** What does not fit, as damage; a note if all of it was read and is intact. */
export function checkVerity({ data, tree, offset, signature, ...given }: VerityTree, verify: boolean): Diagnostic[] {
  let top: string | undefined;
  const wanted = [...given.wanted];
  try {
    top = readTopHash(tree, readVeritySuperblock(tree, offset));
    const signed = signature && readSignedHash(signature);
    if (signed !== undefined) wanted.push({ hash: signed, by: `the signature in ${signature?.label}` });
  } catch (thrown) {
    return [damageFrom(asImageError(thrown))];
  }
  const location = { source: tree.label, offset };
  const disagreeing = wanted.filter(({ hash }) => top !== undefined && hash !== top);
  const diagnostics = disagreeing.map(({ hash, by }): Diagnostic => {
    const message = `${by} wants the root hash ${hash}, the hash tree has ${top}: the machine will refuse it`;
    return { level: 'damage', code: 'verity/root-hash', message, location };
  });
  const hash = top ?? wanted[0]?.hash;
  if (!verify || hash === undefined || diagnostics.length > 0) return diagnostics;
  const found = compareRootHash(data, tree, offset, hash);
  if (found.length > 0) return found;
  const unnamed = wanted.length === 0 ? ', which nothing in the image or beside it names' : '';
  const message = `all data give the root hash ${hash}${unnamed}`;
  return [{ level: 'note', code: 'verity/verified', message, location: { source: data.label } }];
}
