/**
 * GRUB 2: the grub.cfg that the core image would read first, as wic and grub-mkconfig write it and as A/B layouts do by
 * hand. The entry is what `default` says when nobody touches the keyboard and grubenv is as in the image.
 */
import type { BootEntry, BootLoader, BootMenu, BootPlace } from '../boot-entry.ts';
import { GrubDisk } from './grub-disk.ts';
import { GrubRun, type MenuItem } from './grub-run.ts';

const espPaths = ['/EFI/BOOT/grub.cfg', '/EFI/debian/grub.cfg', '/EFI/grub/grub.cfg', '/EFI/nixos/grub.cfg'];
const bootPaths = ['/grub/grub.cfg', '/boot/grub/grub.cfg', '/boot/grub2/grub.cfg', '/grub2/grub.cfg'];
const MAX_SUBMENUS = 4;

export const grub: BootLoader = {
  id: 'grub',
  read(places): BootMenu | undefined {
    const disk = new GrubDisk(places);
    for (const place of places) {
      const paths = place.kind === 'root' ? bootPaths : [...espPaths, ...bootPaths];
      const path = paths.find((each) => place.view.find(each) !== undefined);
      if (path === undefined) continue;
      const run = new GrubRun(disk, { place, path });
      run.run();
      if (run.items.length > 0) return readMenu(run, place, path);
    }
    return undefined;
  },
};

function readMenu(run: GrubRun, place: BootPlace, path: string): BootMenu {
  const entries: BootEntry[] = [];
  const wanted = run.variable('default') || '0';
  const chosen = chooseItem(run, run.items, wanted, MAX_SUBMENUS);
  let selected: BootEntry | undefined;
  const visit = (items: readonly MenuItem[], prefix: string, depth: number): void => {
    for (const [index, item] of items.entries()) {
      const id = `${prefix}${index}`;
      if (item.items) {
        if (depth < MAX_SUBMENUS) visit(run.openSubmenu(item), `${id}>`, depth + 1);
        continue;
      }
      const entry = readEntry(run, item, id, place);
      if (entry) entries.push(entry);
    }
  };
  visit(run.items, '', 0);
  if (chosen) selected = readEntry(run, chosen.item, chosen.id, place);
  return {
    loader: grub.id,
    location: place.view.locate(path),
    entries,
    ...(selected ? { default: selected } : {}),
    ...(run.environments.length > 0 ? { environments: run.environments } : {}),
    diagnostics: [],
  };
}

/** The item `default` names: by position, title or id, `>` going into submenus; the first one if nothing matches. */
function chooseItem(
  run: GrubRun,
  items: readonly MenuItem[],
  wanted: string,
  depth: number,
): { item: MenuItem; id: string } | undefined {
  const cut = wanted.indexOf('>');
  const name = cut < 0 ? wanted : wanted.slice(0, cut);
  const found = items.findIndex(({ names }) => names.includes(name));
  const at = Math.max(found, 0);
  const item = items[at];
  if (!item?.items) return item && { item, id: String(at) };
  if (depth === 0) return undefined;
  const inner = chooseItem(run, run.openSubmenu(item), cut < 0 ? '0' : wanted.slice(cut + 1), depth - 1);
  return inner && { item: inner.item, id: `${at}>${inner.id}` };
}

function readEntry(run: GrubRun, item: MenuItem, id: string, place: BootPlace): BootEntry | undefined {
  const load = run.load(item);
  if (!load) return undefined;
  const { linux, initrd, options, deviceTree, source } = load;
  return {
    loader: grub.id,
    id,
    title: item.title,
    linux,
    initrd,
    ...(deviceTree ? { deviceTree } : {}),
    ...(options === '' ? {} : { options: { text: options, location: linux.location } }),
    source: source || place.device.label,
  };
}
