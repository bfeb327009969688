/**
 * The boot menus of an image, and the one that counts: with an ESP, the loader that the firmware's fallback path holds
 * (`EFI/BOOT/BOOT*.EFI`), told by the words it carries; otherwise the first in the registry's order.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { BootMenu, BootPlace } from './boot-entry.ts';
import { bootLoaders } from './registry.ts';

export interface BootMenus {
  /** The one that boots first. */
  readonly menus: readonly BootMenu[];
  /** Damage here means that a menu may be missing. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Bytes of a boot loader that are searched for its name. */
const MAX_LOADER = 16 * 1024 * 1024;
const marks: readonly { readonly loader: string; readonly text: string }[] = [
  { loader: 'systemd-boot', text: 'LoaderInfo: systemd-boot' },
  { loader: 'grub', text: 'GRUB' },
];

/** Reads the menus in `places`, the ESP first among them. Never throws for what the image holds. */
export function readBootMenus(places: readonly BootPlace[]): BootMenus {
  const menus: BootMenu[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const loader of bootLoaders) {
    try {
      const menu = loader.read(places);
      if (menu) menus.push(menu);
    } catch (thrown) {
      diagnostics.push(damageFrom(asImageError(thrown)));
    }
  }
  if (menus.length > 1) {
    const fallback = identifyFallback(places);
    menus.sort((a, b) => Number(b.loader === fallback) - Number(a.loader === fallback));
  }
  return { menus, diagnostics: [...diagnostics, ...menus.flatMap((menu) => menu.diagnostics)] };
}

function identifyFallback(places: readonly BootPlace[]): string | undefined {
  try {
    for (const { kind, view } of places) {
      if (kind !== 'esp') continue;
      for (const { name, type } of view.list('/EFI/BOOT') ?? []) {
        if (type !== 'file' || !/^boot\w+\.efi$/i.test(name)) continue;
        const source = view.open(`/EFI/BOOT/${name}`);
        const bytes = Buffer.from(source.read(0, Math.min(source.size, MAX_LOADER)));
        const mark = marks.find(({ text }) => bytes.includes(text));
        if (mark) return mark.loader;
      }
    }
    return undefined;
  } catch (thrown) {
    asImageError(thrown);
    return undefined;
  }
}
