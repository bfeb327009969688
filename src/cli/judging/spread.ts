/** `--jobs` and `--shard`: how many images at a time, and which of them are this run's. */
import { availableParallelism } from 'node:os';
import type { Shard } from '../../checks/result.ts';
import { UsageError } from '../usage-error.ts';

/** Throws UsageError. */
export function readJobs(text: string): number {
  if (text === 'auto') return availableParallelism();
  if (!/^[1-9][0-9]{0,2}$/.test(text)) throw new UsageError(`--jobs ${text}: write a number, or auto`);
  return Number(text);
}

/** `2/8`; throws UsageError. */
export function readShard(text: string, images: number): Shard {
  const [, index, count] = /^([1-9][0-9]{0,5})\/([1-9][0-9]{0,5})$/.exec(text) ?? [];
  if (index === undefined || count === undefined) throw new UsageError(`--shard ${text}: write K/N, such as 2/8`);
  if (Number(index) > Number(count)) throw new UsageError(`--shard ${text}: there are only ${count} parts`);
  return { index: Number(index), count: Number(count), images };
}

/** Every `count`-th image, so that images of one kind, which stand together, are spread. */
export function takeShard<T>(images: readonly T[], { index, count }: Shard): readonly T[] {
  return images.filter((_, i) => i % count === index - 1);
}
