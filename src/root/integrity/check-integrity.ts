/** Whether an image is the one that was built, by what the build left to tell: a block map beside it, dm-verity trees in it. */
import { basename, dirname, join } from 'node:path';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { readSideFile } from '../../bytes/host-folder.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { Device } from '../layer.ts';
import { checkBlockMap } from './block-map.ts';
import { findAppendedTrees, findVerityPartitions, type VerityTree } from './verity-trees.ts';

export interface IntegrityRequest {
  /** Of the image on the host. */
  readonly path: string;
  /** The image without its compression; undefined for a folder. */
  readonly whole: ByteSource | undefined;
  readonly devices: readonly Device[];
  readonly commandLine: string | undefined;
  readonly limits: Limits;
  /** Whether to read all of the image for it; else only what is small. */
  readonly verify: boolean;
}

/** Never throws for what the bytes say. Damage of this kind touches every answer. */
export async function checkIntegrity(request: IntegrityRequest): Promise<readonly Diagnostic[]> {
  const found = await findDifferences(request);
  return found.map((each) => (each.level === 'damage' ? { ...each, touches: 'everything' } : each));
}

async function findDifferences(request: IntegrityRequest): Promise<readonly Diagnostic[]> {
  const { path, whole, devices, commandLine, limits, verify } = request;
  if (!whole) return [];
  const diagnostics = [...(await checkBlockMap(path, whole, limits, verify))];
  try {
    const appended = await nameWanted(path, whole, findAppendedTrees(devices), limits);
    const trees = [...findVerityPartitions(devices, commandLine), ...appended];
    if (trees.length === 0) return diagnostics;
    const { checkVerity } = await import('./check-verity.ts');
    for (const tree of trees) diagnostics.push(...checkVerity(tree, verify));
  } catch (thrown) {
    diagnostics.push(damageFrom(asImageError(thrown)));
  }
  return diagnostics;
}

/** `trees` with what the settings beside a `.verity` image say of the tree behind its data: where it lies, which root hash is wanted. */
async function nameWanted(
  path: string,
  whole: ByteSource,
  trees: readonly VerityTree[],
  limits: Limits,
): Promise<readonly VerityTree[]> {
  const name = /^(.*\.verity)(?:\.[a-z0-9]+)?$/.exec(basename(path))?.[1];
  const label = `${name}.env`;
  const bytes = name === undefined ? undefined : readSideFile(join(dirname(path), label), limits.textBytes);
  if (!bytes) return trees;
  const { parseVerityEnvironment } = await import('../../volumes/verity/verity-environment.ts');
  const settings = parseVerityEnvironment(decodeBytes(bytes));
  if (!settings) return trees;
  const found = trees.find(({ data }) => data === whole);
  const offset = settings.hashOffset ?? found?.offset;
  if (offset === undefined) return trees;
  const wanted = [{ hash: settings.rootHash, by: label }];
  return [...trees.filter((each) => each !== found), { data: whole, tree: whole, offset, wanted }];
}
