/** Opens what `IMAGE:PATH` arguments name, each image once, and closes all of it at the end. */
import { basename, resolve } from 'node:path';
import type { ByteSource } from '../bytes/byte-source.ts';
import { statHost } from '../bytes/host-folder.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { asImageError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { SystemRequest } from '../root/nixos/system-candidate.ts';
import {
  type OpenedImage,
  type OpenImageOptions,
  openHostImage,
  openImage,
  openImageSource,
} from '../root/open-image.ts';
import { RootView } from '../root/root-view.ts';
import { type Cut, findCuts, parseImagePath } from './image-path.ts';
import { UsageError } from './usage-error.ts';

export interface Target {
  /** The argument as given. */
  readonly argument: string;
  readonly image: OpenedImage;
  /** The composed root, or one file system by itself. */
  readonly view: RootView;
  readonly path: string;
}

export interface TargetOptions extends SystemRequest {
  readonly limits: Limits;
  readonly slot?: string;
  readonly platform?: string;
  readonly backing?: boolean;
  /** Whether an argument without a path means `/`; else it is a UsageError. */
  readonly defaultsToRoot: boolean;
  /** Whether only the root of a system will do; else the only file system of an image is shown, whatever is in it. */
  readonly needsRoot?: boolean;
}

/** For a command that can do with the bytes of a volume: what it does with an argument that ends in one. */
export type UseVolume = (argument: string, source: ByteSource) => Promise<void>;

/** Hands each target to `use`, in order. Returns the damage of what they lie in: a digest that does not match. */
export async function withTargets(
  arguments_: readonly string[],
  options: TargetOptions,
  use: (target: Target) => Promise<void>,
  useVolume?: UseVolume,
): Promise<readonly Diagnostic[]> {
  const opener = new TargetOpener(options);
  try {
    for (const argument of arguments_) {
      const found = await opener.open(argument, useVolume !== undefined);
      if ('source' in found) await useVolume?.(argument, found.source);
      else await use({ argument, ...found });
    }
    return opener.damage;
  } finally {
    opener.close();
  }
}

/**
 * The image that an argument names as a whole: of the host, or inside another one (`installer.wic!p3:/target.wic.zst`), where one file
 * system by itself is a root, whatever is in it. Throws as `openImage` does.
 */
export async function openAddressed(argument: string, options: OpenImageOptions): Promise<OpenedImage> {
  const { volumes, path } = parseImagePath(argument, isFile);
  if (isThere(argument) || (volumes.length === 0 && path === undefined)) return openImage(argument, options);
  const { limits, platform, backing } = options;
  const outer = new TargetOpener({
    ...{ limits, defaultsToRoot: false },
    ...(platform === undefined ? {} : { platform }),
    ...(backing === undefined ? {} : { backing }),
  });
  try {
    const found = await outer.open(argument, true);
    const source = 'source' in found ? found.source : found.view.open(found.path);
    return await openImageSource(source, options, outer);
  } catch (thrown) {
    outer.close();
    throw thrown;
  }
}

/** An image, and what of it an argument without a path shows. */
interface Opened {
  readonly image: OpenedImage;
  readonly view: RootView;
}

class TargetOpener {
  readonly #options: TargetOptions;
  /** By the place it was opened at: the host's path and what was named inside. */
  readonly #opened = new Map<string, Opened>();
  readonly #sources = new Map<string, ByteSource>();
  readonly #toClose: { close(): void }[] = [];
  readonly #damage: Diagnostic[] = [];

  constructor(options: TargetOptions) {
    this.#options = options;
  }

  /** Throws UsageError for an argument without a path, unless it means `/` or ends in a volume that is wanted as it is. */
  async open(argument: string, wantsVolumes: boolean): Promise<(Opened & { path: string }) | { source: ByteSource }> {
    const { image: host, volumes, path } = parseImagePath(argument, isFile);
    const { defaultsToRoot } = this.#options;
    const noFile = (): UsageError => new UsageError(`${argument} names no file in an image`, 'write IMAGE:/PATH');
    if (path === undefined && !defaultsToRoot && !(wantsVolumes && volumes.length > 0)) throw noFile();
    let place = [host, ...volumes].join('!');
    if (volumes.length > 0) {
      const source = await this.#volume(place, this.#hostSource(host), volumes);
      if (path === undefined && !defaultsToRoot) return { source };
      await this.#inside(place, source);
    } else if (!this.#opened.has(place)) {
      this.#opened.set(place, await this.#whole(host, path !== undefined));
    }
    for (let rest = path ?? '/'; ; ) {
      const opened = this.#get(place);
      const cut = findCut(opened.view, rest);
      if (!cut) return findInDevices(opened, rest) ?? { ...opened, path: rest };
      place += [`:${cut.path}`, ...cut.volumes].join('!');
      const source = await this.#volume(place, opened.view.open(cut.path), cut.volumes);
      if (cut.rest === undefined && !defaultsToRoot) {
        if (wantsVolumes) return { source };
        throw noFile();
      }
      await this.#inside(place, source);
      rest = cut.rest ?? '/';
    }
  }

  /** Of the containers on the way, and of images that are not the ones that were built. */
  get damage(): readonly Diagnostic[] {
    const images = [...this.#opened.values()].flatMap(({ image }) => image.diagnostics);
    return [...this.#damage, ...images.filter(({ level, touches }) => level === 'damage' && touches === 'everything')];
  }

  verify(): void {
    for (const { image } of this.#opened.values()) image.verify();
  }

  close(): void {
    for (const { image } of this.#opened.values()) image.close();
    for (const each of this.#toClose.splice(0).reverse()) each.close();
  }

  /** `goesOn`: a path follows, which may lead to the root of a system inside. */
  async #whole(host: string, goesOn: boolean): Promise<Opened> {
    try {
      const image = await openImage(host, this.#options);
      return { image, view: image.view };
    } catch (thrown) {
      const error = asImageError(thrown);
      if (error.code !== 'root/no-root' || (this.#options.needsRoot && !goesOn) || !isFile(host)) throw error;
      await this.#inside(host, this.#hostSource(host));
      return this.#get(host);
    }
  }

  #hostSource(host: string): ByteSource {
    const known = this.#sources.get(host);
    if (known) return known;
    const source = openHostImage(host, basename(resolve(host)), this.#options);
    this.#toClose.push(source);
    this.#sources.set(host, source);
    return source;
  }

  async #volume(place: string, source: ByteSource, names: readonly string[]): Promise<ByteSource> {
    const known = this.#sources.get(place);
    if (known) return known;
    const { openVolume } = await import('../root/open-volume.ts');
    const { limits } = this.#options;
    const found = await openVolume(source, names, {
      limits,
      adopt: (opened) => this.#toClose.push(opened),
      onDamage: (damage) => this.#damage.push(damage),
    });
    this.#sources.set(place, found);
    return found;
  }

  /** What lies in a volume or a file: an image of its own, or one file system without what would be mounted on it. */
  async #inside(place: string, source: ByteSource): Promise<void> {
    const { limits, platform } = this.#options;
    if (this.#opened.has(place)) return;
    const image = await openImageSource(source, { limits, ...(platform === undefined ? {} : { platform }) });
    const isAlone = image.devices.length === 1;
    const view = isAlone ? new RootView([{ path: '/', fileSystem: image.root.fileSystem }], limits) : image.view;
    this.#opened.set(place, { image, view });
  }

  #get(place: string): Opened {
    const opened = this.#opened.get(place);
    if (!opened) throw new Error(`${place} was never opened`);
    return opened;
  }
}

/** A path in a file system of the image that is not in its root, as locations name it: the store of an installer. */
function findInDevices({ image, view }: Opened, path: string): (Opened & { path: string }) | undefined {
  for (const cut of findCuts(path)) {
    const device = image.devices.find(({ label }) => label === `${image.label}:${cut.path}`);
    if (device?.content.state !== 'filesystem' || cut.volumes.length > 0) continue;
    const { fileSystem } = device.content;
    return { image, view: new RootView([{ path: '/', fileSystem }], view.limits), path: cut.rest ?? '/' };
  }
  return undefined;
}

/** Where the path goes on in a file; undefined if it is a path to its end, or leads nowhere. */
function findCut(view: RootView, path: string): Cut | undefined {
  const cuts = findCuts(path);
  if (cuts.length === 0 || view.resolve(path, 'parents').state === 'found') return undefined;
  return cuts.find((cut) => {
    const found = view.resolve(cut.path);
    return found.state === 'found' && found.fileSystem.stat(found.node).type === 'file';
  });
}

function isThere(path: string): boolean {
  try {
    statHost(path);
    return true;
  } catch (thrown) {
    asImageError(thrown);
    return false;
  }
}

/** Whether the host has it, and it is no folder. A link counts as what it may lead to: the path is the user's own. */
export function isFile(path: string): boolean {
  try {
    return statHost(path).type !== 'directory';
  } catch (thrown) {
    asImageError(thrown);
    return false;
  }
}
