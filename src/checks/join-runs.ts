/**
 * Several runs as the one run they are parts of: shards are put back into the order of their images, other runs follow each
 * other. What is missing is said, never taken for clean.
 */
import { isDeepStrictEqual } from 'node:util';
import type { CheckResult } from './check.ts';
import type { ImageResult, RunResult, Strictness } from './result.ts';

export interface NamedRun {
  /** What messages call it: the report's file. */
  readonly name: string;
  readonly run: RunResult;
}

export interface JoinedRuns {
  readonly tool: RunResult['tool'];
  readonly images: readonly ImageResult[];
  /** What every run that judged images says about the exceptions; undefined if none was made with any. */
  readonly upkeep: readonly CheckResult[] | undefined;
  /** Undefined if the runs differ. */
  readonly strictness: Strictness | undefined;
}

/** Why runs are no parts of one. */
export class JoinError extends Error {
  override readonly name = 'JoinError';
}

/** Throws JoinError. */
export function joinRuns(runs: readonly NamedRun[]): JoinedRuns {
  const [first, ...others] = runs;
  if (!first) throw new JoinError('no report given');
  for (const { name, run } of others) {
    if (run.tool.version !== first.run.tool.version)
      throw new JoinError(
        `${name} was made by version ${run.tool.version}, ${first.name} by version ${first.run.tool.version}`,
      );
  }
  const strictness = first.run.strictness;
  return {
    tool: first.run.tool,
    images: orderImages(runs),
    upkeep: joinUpkeep(runs.map(({ run }) => run)),
    strictness: others.every(({ run }) => isDeepStrictEqual(run.strictness, strictness)) ? strictness : undefined,
  };
}

function orderImages(runs: readonly NamedRun[]): readonly ImageResult[] {
  if (runs.every(({ run }) => !run.shard)) return runs.flatMap(({ run }) => run.images);
  const parts = shardsOf(runs);
  const [{ images: total, count } = { images: 0, count: 1 }] = parts.map(({ shard }) => shard);
  const byIndex = new Map(parts.map(({ shard, images }) => [shard.index, images]));
  return Array.from({ length: total }, (_, i) => byIndex.get((i % count) + 1)?.[Math.floor(i / count)]).filter(
    (image) => image !== undefined,
  );
}

/** Every part of one whole, once, with as many images as its share is. */
function shardsOf(runs: readonly NamedRun[]) {
  const [first] = runs;
  const parts = runs.map(({ name, run: { shard, images } }) => {
    const whole = first?.run.shard;
    if (!shard || !whole)
      throw new JoinError(`${shard ? first?.name : name} is no part of the others: it has no --shard`);
    if (shard.count !== whole.count || shard.images !== whole.images)
      throw new JoinError(
        `${name} is part ${shard.index} of ${shard.count} over ${shard.images} images, ` +
          `${first.name} one of ${whole.count} over ${whole.images}`,
      );
    const share = Math.floor((shard.images - shard.index) / shard.count) + 1;
    if (images.length !== Math.max(0, share))
      throw new JoinError(`${name} holds ${images.length} images, its part has ${Math.max(0, share)}`);
    return { name, shard, images };
  });
  const names = new Map<number, string>();
  for (const { name, shard } of parts) {
    const before = names.get(shard.index);
    if (before !== undefined) throw new JoinError(`${before} and ${name} are both part ${shard.index}`);
    names.set(shard.index, name);
  }
  const { count = 0 } = parts[0]?.shard ?? {};
  if (names.size < count) {
    const missing = Array.from({ length: Math.min(count, names.size + 1) }, (_, i) => i + 1).find((i) => !names.has(i));
    throw new JoinError(`the report of part ${missing} of ${count} is missing`);
  }
  return parts;
}

/** A waiver that one part needs is not unused; what all of them say of the exceptions holds for the whole. */
function joinUpkeep(runs: readonly RunResult[]): readonly CheckResult[] | undefined {
  if (runs.every(({ upkeep }) => !upkeep)) return undefined;
  const [first, ...others] = runs.filter(({ images }) => images.length > 0);
  return (first?.upkeep ?? []).filter((one) =>
    others.every(({ upkeep = [] }) => upkeep.some((other) => isDeepStrictEqual(one, other))),
  );
}
