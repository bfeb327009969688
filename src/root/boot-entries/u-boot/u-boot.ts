/**
 * U-Boot's script `boot.scr`, which its standard boot runs from `/` or `/boot` of a partition where there is no extlinux.conf. Each
 * start command is an entry; what depends on the board makes the menu undecided. `boot.cmd` beside it is the source it was made
 * of, which U-Boot never reads.
 */
import type { Diagnostic } from '../../../diagnostic.ts';
import type { Location } from '../../../location.ts';
import type { BootEntry, BootLine, BootLoader, BootMenu, BootPlace } from '../boot-entry.ts';
import { HushRun, type UBootStart } from './hush-run.ts';
import { readScriptImage } from './script-image.ts';

const paths = ['/boot.scr.uimg', '/boot.scr', '/boot/boot.scr.uimg', '/boot/boot.scr'];

export const uBoot: BootLoader = {
  id: 'u-boot',
  read(places): BootMenu | undefined {
    for (const place of places) {
      const path = paths.find((each) => place.view.find(each) !== undefined);
      if (path !== undefined) return readMenu(places, place, path);
    }
    return undefined;
  },
};

function readMenu(places: readonly BootPlace[], place: BootPlace, path: string): BootMenu {
  const location = place.view.locate(path);
  const text = readScriptImage(place.view.open(path), place.view.limits);
  const { starts, undecided } = new HushRun(places, place, path, location).run(text);
  const entries = starts.map((start, index) => createEntry(start, index, place));
  // What comes behind a start that does not depend on anything is for the case that it fails.
  const certain = starts.findIndex((start) => !start.isConditional && isThere(start));
  const tried = certain < 0 ? entries : entries.slice(0, certain + 1);
  const doubt = undecided ?? findDoubt(tried, location);
  const chosen = doubt ? undefined : (tried.find((_, index) => starts[index] && isThere(starts[index])) ?? tried[0]);
  return {
    loader: uBoot.id,
    location,
    entries,
    ...(chosen ? { default: chosen } : {}),
    ...(doubt ? { undecided: doubt } : {}),
    diagnostics: compareSource(place, path, text),
  };
}

function isThere({ kernel }: UBootStart): boolean {
  return kernel.place?.view.exists(kernel.line.text) === 'yes';
}

/** Entries that differ, or none. */
function findDoubt([first, ...others]: readonly BootEntry[], location: Location): BootLine | undefined {
  if (!first) return { text: 'the script starts no kernel', location };
  const differs = others.find(
    ({ linux, options }) => linux?.text !== first.linux?.text || options?.text !== first.options?.text,
  );
  return differs?.linux && { text: 'which kernel it starts depends on the board', location: differs.linux.location };
}

function createEntry({ kernel, initrd, deviceTree, options }: UBootStart, index: number, place: BootPlace): BootEntry {
  return {
    loader: uBoot.id,
    id: `boot.scr:${options.location.line ?? index}`,
    linux: kernel.line,
    initrd: initrd ? [initrd.line] : [],
    ...(deviceTree ? { deviceTree: deviceTree.line } : {}),
    ...(options.text === '' ? {} : { options }),
    source: kernel.place?.device.label ?? place.device.label,
  };
}

/** A source that says something else than the script is a build that was not finished. */
function compareSource({ view }: BootPlace, path: string, text: string): Diagnostic[] {
  const sourcePath = path.replace(/boot\.scr(?:\.uimg)?$/, 'boot.cmd');
  const source = view.readText(sourcePath);
  if (source === undefined || source.trim() === text.trim()) return [];
  const message = `${sourcePath} says something else than ${path}: U-Boot runs the latter`;
  return [{ level: 'note', code: 'boot/other-u-boot-source', message, location: view.locate(sourcePath) }];
}
