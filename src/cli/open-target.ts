/** Opens what `IMAGE:PATH` arguments name, each image once, and closes all of it at the end. */
import type { Limits } from '../limits.ts';
import type { SystemRequest } from '../root/nixos/system-candidate.ts';
import { type OpenedImage, openImage } from '../root/open-image.ts';
import { RootView } from '../root/root-view.ts';
import { parseImagePath } from './image-path.ts';
import { UsageError } from './usage-error.ts';

export interface Target {
  /** The argument as given. */
  readonly argument: string;
  readonly image: OpenedImage;
  /** The composed root, or one partition by itself. */
  readonly view: RootView;
  readonly path: string;
}

export interface TargetOptions extends SystemRequest {
  readonly limits: Limits;
  readonly slot?: string;
  readonly platform?: string;
  /** Whether an argument without a path means `/`; else it is a UsageError. */
  readonly defaultsToRoot: boolean;
}

/** Hands each target to `use`, in order. */
export async function withTargets(
  arguments_: readonly string[],
  options: TargetOptions,
  use: (target: Target) => Promise<void>,
): Promise<void> {
  const opened = new Map<string, OpenedImage>();
  try {
    for (const argument of arguments_) {
      const { image: host, partition, path } = parseImagePath(argument);
      if (path === undefined && !options.defaultsToRoot)
        throw new UsageError(`${argument} names no file in an image`, 'write IMAGE:/PATH');
      const key = `${host}!${partition ?? ''}`;
      const image = opened.get(key) ?? (await open(host, partition, options));
      opened.set(key, image);
      await use({ argument, image, view: viewOf(image, partition), path: path ?? '/' });
    }
  } finally {
    for (const image of opened.values()) image.close();
  }
}

function open(host: string, partition: string | undefined, options: TargetOptions): Promise<OpenedImage> {
  const { limits, platform } = options;
  if (partition !== undefined)
    return openImage(host, { limits, root: partition, ...(platform === undefined ? {} : { platform }) });
  return openImage(host, options);
}

/** A partition asked for by name is shown without what is mounted on it. */
function viewOf({ view, root }: OpenedImage, partition: string | undefined): RootView {
  return partition === undefined ? view : new RootView([{ path: '/', fileSystem: root.fileSystem }], view.limits);
}
