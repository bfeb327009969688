/** Options that every command which reads an image takes. */
import type { Command } from 'commander';
import { defaultLimits } from '../../limits.ts';
import { readLimits } from '../limit-options.ts';
import type { TargetOptions } from '../open-target.ts';
import { addSystemOptions, backingHelp, readSystemRequest, type SystemOptions } from './system-options.ts';

export interface ImageOptions extends SystemOptions {
  readonly slot?: string;
  readonly platform?: string;
  readonly backing?: boolean;
  readonly limit: readonly string[];
}

/** Bytes of cached blocks for what is read once, in order: it gains nothing from more. */
const SMALL_CACHE = 16 * 1024 * 1024;

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** What exit codes mean where paths of an image are read. */
export const readerEnds = '0 all was read, 1 something is not there, 2 usage error, 3 something could not be read';

/** `ends` says what the exit codes mean, unless the command says it itself. */
export function addImageOptions(command: Command, ends?: string): Command {
  if (ends !== undefined) command.addHelpText('after', `Exit codes: ${ends}, 70 a bug.\n`);
  return addSystemOptions(command)
    .option('--slot <name>', 'the root of an A/B image to read instead of the one that boots')
    .option('--platform <os/architecture>', 'which image of a container archive for several: linux/arm64')
    .option('--backing', backingHelp)
    .option('--limit <name=n>', 'raise a budget that the image goes beyond: nesting=12 (repeatable)', collect, []);
}

/** Throws UsageError. */
export function readTargetOptions(options: ImageOptions, defaultsToRoot: boolean): TargetOptions {
  const { slot, platform, backing, limit } = options;
  return {
    limits: readLimits(limit),
    defaultsToRoot,
    ...readSystemRequest(options),
    ...(slot === undefined ? {} : { slot }),
    ...(platform === undefined ? {} : { platform }),
    ...(backing === undefined ? {} : { backing }),
  };
}

/** The same with a small cache, unless the user asked for one of some size. */
export function withSmallCache(target: TargetOptions): TargetOptions {
  const { limits } = target;
  if (limits.cacheBytes !== defaultLimits.cacheBytes) return target;
  return { ...target, limits: { ...limits, cacheBytes: SMALL_CACHE } };
}
