/** `--files`: both roots open at the same time, compared file by file; a package that differs explains the files it owns. */
import type { MoreChanges } from '../../diff/compare-portraits.ts';
import { type ChangedPackage, describeFiles } from '../../diff/files/describe-files.ts';
import { packPortrait, unpackPortrait } from '../../diff/portrait/pack-portrait.ts';
import type { Portrait } from '../../diff/portrait/portrait.ts';
import { asImageError } from '../../errors.ts';
import { parseNixName } from '../../facts/packages/nix-name.ts';
import { readPackagePaths } from '../../facts/packages/package-files.ts';
import { parseStorePath } from '../../root/nixos/store-path.ts';
import type { OpenedImage } from '../../root/open-image.ts';
import type { RootView } from '../../root/root-view.ts';
import { type Decoding, decodedAtWorst } from '../../root/verified.ts';
import { baseName } from '../host-files.ts';
import { type StatusTerminal, startProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { compareImages } from './compare-partitions.ts';
import { isSaved, openSide, portray, type SideRequest } from './read-side.ts';

/** What is kept of an image: contents are read once, from front to back, so it serves directories and inodes. */
const CACHE = 12 * 1024 * 1024;

const dpkgFolder = '/var/lib/dpkg';

export interface SidesWithFiles {
  readonly sides: readonly Portrait[];
  readonly files: MoreChanges;
}

/**
 * Both sides and the files of both, each image opened once: decoding one takes longer than all its facts. Throws UsageError for saved
 * facts, which have no files, and ImageError.
 */
export async function readSidesWithFiles(
  requests: readonly SideRequest[],
  terminal: StatusTerminal,
): Promise<SidesWithFiles> {
  if (requests.length !== 2) throw new UsageError('--files compares two images');
  const saved = requests.find(({ path }) => isSaved(path));
  if (saved) throw new UsageError(`${saved.path} holds saved facts: --files needs the image`);
  return decodedAtWorst((decoding) => compareSides(requests, terminal, decoding));
}

async function compareSides(
  requests: readonly SideRequest[],
  terminal: StatusTerminal,
  decoding: Decoding,
): Promise<SidesWithFiles> {
  const images: OpenedImage[] = [];
  const sides: Portrait[] = [];
  try {
    // One after the other, so that memory stays bounded.
    for (const request of requests) {
      const progress = startProgress(baseName(request.path), terminal);
      try {
        const image = await openSide(withSmallCache(request), progress.report, decoding);
        images.push(image);
        sides.push(await portray(image, request));
      } finally {
        progress.end();
      }
    }
    const [ours, theirs, a, b] = [...images, ...sides] as [OpenedImage, OpenedImage, Portrait, Portrait];
    const files = await compareFiles(ours, theirs, a, b);
    for (const image of images) image.verify();
    return { sides: [a, unpackPortrait(packPortrait(b), a, packPortrait(a))], files };
  } catch (thrown) {
    for (const image of images) image.verify();
    throw thrown;
  } finally {
    for (const image of images) image.close();
  }
}

function withSmallCache(request: SideRequest): SideRequest {
  const { limits } = request.target;
  const cacheBytes = Math.min(limits.cacheBytes, CACHE);
  return { ...request, target: { ...request.target, limits: { ...limits, cacheBytes } } };
}

async function compareFiles(ours: OpenedImage, theirs: OpenedImage, a: Portrait, b: Portrait): Promise<MoreChanges> {
  if ((a.platform === 'nixos') !== (b.platform === 'nixos')) return notCompared;
  return describeFiles(await compareImages(ours, theirs), {
    packageOf: findOwners(ours.view, theirs.view, a, b),
    identifiers: { a: identifiersOf(ours), b: identifiersOf(theirs) },
  });
}

const notCompared: MoreChanges = {
  changes: [],
  counts: [{ concern: 'files', title: 'files', equal: 0, absent: 'the files of two platforms have little in common' }],
  unverified: [],
};

/** UUIDs of file systems and partitions, by the name of the device. */
function identifiersOf({ devices }: OpenedImage): ReadonlyMap<string, string> {
  const identifiers = new Map<string, string>();
  for (const { name, partition, content } of devices) {
    const uuid = content.state === 'filesystem' ? content.fileSystem.uuid : '';
    if (uuid !== '') identifiers.set(uuid, name);
    if (partition?.uuid !== undefined && partition.uuid !== '') identifiers.set(partition.uuid, `${name} partition`);
  }
  return identifiers;
}

function findOwners(
  viewA: RootView,
  viewB: RootView,
  a: Portrait,
  b: Portrait,
): (path: string) => ChangedPackage | undefined {
  if (a.platform === 'nixos') return findStorePackage(a, b);
  const owners = new Map<string, ChangedPackage>();
  for (const changed of changedPackages(a, b)) {
    for (const [view, architectures] of [
      [viewA, architecturesOf(a)],
      [viewB, architecturesOf(b)],
    ] as const)
      for (const path of pathsOf(view, changed.name, architectures)) owners.set(path, changed);
  }
  return (path) => owners.get(path);
}

/** A store path belongs to the package it is named after. */
function findStorePackage(a: Portrait, b: Portrait): (path: string) => ChangedPackage | undefined {
  const changed = new Map(changedPackages(a, b).map((one) => [one.name, one]));
  return (path) => {
    const store = parseStorePath(path);
    return store && changed.get(parseNixName(store.name).name);
  };
}

function changedPackages(a: Portrait, b: Portrait): readonly ChangedPackage[] {
  const [ours, theirs] = [versionsOf(a), versionsOf(b)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((name) => {
    const [x, y] = [ours.get(name), theirs.get(name)];
    if (x === y) return [];
    return [{ name, ...(x === undefined ? {} : { a: x }), ...(y === undefined ? {} : { b: y }) }];
  });
}

function versionsOf({ concerns }: Portrait): ReadonlyMap<string, string> {
  const records = concerns.packages?.records ?? [];
  return new Map(records.map(({ key, fields }) => [key, fields.version?.values.join(' ') ?? '']));
}

function architecturesOf({ concerns }: Portrait): string {
  return concerns.system?.records.find(({ key }) => key === 'architecture')?.fields.value?.values[0] ?? 'amd64';
}

/** Lists name `/lib/x` where a merged image has `/usr/lib/x`. What cannot be read explains nothing. */
function pathsOf(view: RootView, key: string, native: string): readonly string[] {
  const [name = '', architecture = native] = key.split(':');
  try {
    const paths = readPackagePaths(view, dpkgFolder, { name, architecture }) ?? [];
    return paths.map((path) => path.replace(/^\/(?=(?:bin|sbin|lib(?:32|64|x32)?)\/)/, '/usr/'));
  } catch (thrown) {
    asImageError(thrown);
    return [];
  }
}
