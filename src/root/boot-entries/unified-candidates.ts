/**
 * Type #2 entries of systemd-boot: unified kernel images in `EFI/Linux` (UAPI.1). Title, version and sort key come from the
 * image's own os-release, in the order systemd-boot takes them; a further profile of an image is an entry of its own, `x.efi@1`.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { BootPlace } from './boot-entry.ts';
import { type Candidate, parseCounter } from './loader-candidate.ts';
import { readUnifiedKernels, type UnifiedKernel } from './unified-kernel.ts';

const folder = '/EFI/Linux';

export interface UnifiedCandidates {
  readonly candidates: readonly Candidate[];
  /** Images that could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The images of one partition. An image without an os-release that names the system is not offered. */
export function readUnifiedCandidates(place: BootPlace, loader: string): UnifiedCandidates {
  const candidates: Candidate[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { name } of place.view.list(folder) ?? []) {
    if (!/\.efi$/i.test(name) || /^auto-/i.test(name)) continue;
    try {
      const kernels = readUnifiedKernels(place.view, `${folder}/${name}`);
      candidates.push(
        ...kernels.flatMap((kernel, profile) => createCandidate(place, loader, name, kernel, profile) ?? []),
      );
    } catch (thrown) {
      diagnostics.push(damageFrom(asImageError(thrown)));
    }
  }
  return { candidates, diagnostics };
}

function createCandidate(
  place: BootPlace,
  loader: string,
  file: string,
  { osRelease, profile, parts }: UnifiedKernel,
  number: number,
): Candidate | undefined {
  const first = (...keys: readonly string[]): string | undefined =>
    keys.map((key) => osRelease.get(key)).find((value) => value !== undefined);
  const name = first('PRETTY_NAME', 'IMAGE_ID', 'NAME', 'ID');
  if (name === undefined) return undefined;
  const { id, triesLeft, triesDone } = parseCounter(file);
  const variant = profile.get('TITLE') ?? profile.get('ID');
  const title = variant === undefined ? name : `${name} (${variant})`;
  return {
    entry: {
      loader,
      id: number === 0 ? id : `${id}@${number}`,
      title: { text: title, location: parts.linux?.location ?? { source: place.device.label } },
      ...parts,
      source: place.device.label,
    },
    sortKey: first('IMAGE_ID', 'ID') ?? '',
    machineId: '',
    version: first('IMAGE_VERSION', 'VERSION', 'VERSION_ID', 'BUILD_ID') ?? '',
    triesLeft,
    triesDone,
    isBootable: true,
  };
}
