/**
 * EFI Boot Guard: `BGENV.DAT` on each of its configuration partitions says which kernel that one starts (env/fatvars.c of
 * efibootguard). The highest revision boots, the one before it where an update is being written or was tried once and not
 * confirmed. A kernel is `C:BOOT0:linux.efi` (partition by the name in its file EFILABEL), `L:BOOT0:linux.efi` (by its volume
 * label), or a path beside the loader.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import {
  type BootGuardEnvironment,
  readBootGuardEnvironment,
} from '../../volumes/boot-guard/boot-guard-environment.ts';
import {
  type BootEntry,
  type BootLine,
  type BootLoader,
  type BootMenu,
  type BootPlace,
  isEfiPlace,
} from './boot-entry.ts';
import { readUnifiedKernels } from './unified-kernel.ts';

const environmentPath = '/BGENV.DAT';
const labelPath = '/EFILABEL';
/** A label is at most this long. */
const MAX_LABEL = 512;

interface Configuration {
  readonly environment: BootGuardEnvironment;
  readonly entry: BootEntry;
}

export const bootGuard: BootLoader = {
  id: 'efi-boot-guard',
  read(places): BootMenu | undefined {
    const own = places.filter((each) => isEfiPlace(each) && each.view.exists(environmentPath) !== 'no');
    const [place] = own;
    if (!place) return undefined;
    const diagnostics: Diagnostic[] = [];
    const configurations = own.flatMap((each): Configuration[] => {
      try {
        const environment = readBootGuardEnvironment(each.view.open(environmentPath));
        return [{ environment, entry: createEntry(each, environment, places) }];
      } catch (thrown) {
        const damage = damageFrom(asImageError(thrown));
        // An environment that does not hold is passed over by the loader as well: that much is known.
        diagnostics.push(damage.code.startsWith('boot-guard/') ? { ...damage, level: 'note' } : damage);
        return [];
      }
    });
    const [latest, previous] = configurations.sort((a, b) => b.environment.revision - a.environment.revision);
    const chosen = latest && isPassedOver(latest.environment) ? (previous ?? latest) : latest;
    return {
      loader: bootGuard.id,
      location: chosen?.entry.linux?.location ?? place.view.locate(environmentPath),
      entries: configurations.map(({ entry }) => entry),
      ...(chosen ? { default: chosen.entry } : {}),
      diagnostics,
    };
  },
};

function isPassedOver({ isInProgress, updateState }: BootGuardEnvironment): boolean {
  return isInProgress || updateState === 'testing';
}

function createEntry(place: BootPlace, environment: BootGuardEnvironment, places: readonly BootPlace[]): BootEntry {
  const location = place.view.locate(environmentPath);
  const { holder, path } = findKernel(environment.kernel, place, places);
  const [unified] = holder ? readUnifiedKernels(holder.view, path) : [];
  const linux: BootLine = { text: path, location };
  const options = unified?.parts.options ?? argumentsOf(environment, location);
  return {
    loader: bootGuard.id,
    id: `${nameOf(place)} revision ${environment.revision}`,
    ...unified?.parts,
    linux,
    initrd: unified?.parts.initrd ?? [],
    ...(options ? { options } : {}),
    source: holder?.device.label ?? environment.kernel,
  };
}

/** A unified image of EFI Boot Guard ignores what it is given; other kernels take it. */
function argumentsOf({ kernelArguments: text }: BootGuardEnvironment, location: Location): BootLine | undefined {
  return text === '' ? undefined : { text, location };
}

/** The partition meant, if it is in the image, and the path on it. */
function findKernel(
  text: string,
  place: BootPlace,
  places: readonly BootPlace[],
): { readonly holder: BootPlace | undefined; readonly path: string } {
  const named = /^([CL]):([^:]*):(.*)$/s.exec(text);
  const file = (named?.[3] ?? text).replaceAll('\\', '/');
  const path = `/${file.replace(/^\/+/, '')}`;
  if (!named) return { holder: places.find(({ kind }) => kind === 'esp') ?? place, path };
  const labelOf = named[1] === 'C' ? readOwnLabel : volumeLabelOf;
  return { holder: places.find((each) => isEfiPlace(each) && labelOf(each) === named[2]), path };
}

function volumeLabelOf({ device: { content } }: BootPlace): string | undefined {
  return content.state === 'filesystem' ? content.fileSystem.volumeLabel : undefined;
}

/** `EFILABEL`: UTF-16, with or without a line end. */
function readOwnLabel({ view }: BootPlace): string | undefined {
  const stat = view.stat(labelPath);
  if (stat?.type !== 'file' || stat.size > MAX_LABEL) return undefined;
  return new TextDecoder('utf-16le').decode(view.readBytes(labelPath)).replace(/[\0\s]+$/, '');
}

/** What its kernel would be called by: its own label, else its volume label. */
function nameOf(place: BootPlace): string {
  return readOwnLabel(place) || volumeLabelOf(place) || place.device.name;
}
