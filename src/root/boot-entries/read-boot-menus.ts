/**
 * The boot menus of an image, and the one that counts: with an ESP, the loader that the firmware's fallback path holds
 * (`EFI/BOOT/BOOT*.EFI`), told by its sections or the words it carries; otherwise the first in the registry's order.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { findPeHeader, openPe } from '../../volumes/pe/pe-file.ts';
import type { BootMenu, BootPlace } from './boot-entry.ts';
import { bootLoaders } from './registry.ts';
import { completeUnified } from './unified-kernel.ts';

export interface BootMenus {
  /** The one that boots first. */
  readonly menus: readonly BootMenu[];
  /** Damage here means that a menu may be missing. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Bytes of a boot loader that are searched for its name. */
const MAX_LOADER = 16 * 1024 * 1024;
/** Sections only this program has, which spares the search: a unified kernel image may be large. */
const sectionMarks: readonly { readonly loader: string; readonly section: string }[] = [
  { loader: 'firmware', section: '.linux' },
  { loader: 'firmware', section: '.kernel' },
  { loader: 'systemd-boot', section: '.sdmagic' },
  { loader: 'grub', section: 'mods' },
];
const textMarks: readonly { readonly loader: string; readonly text: Buffer }[] = [
  { loader: 'systemd-boot', text: Buffer.from('LoaderInfo: systemd-boot') },
  { loader: 'efi-boot-guard', text: Buffer.from('EFI Boot Guard %s', 'utf16le') },
  { loader: 'grub', text: Buffer.from('GRUB') },
];

/** Reads the menus in `places`, the ESP first among them. Never throws for what the image holds. */
export function readBootMenus(places: readonly BootPlace[]): BootMenus {
  const menus: BootMenu[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const loader of bootLoaders) {
    try {
      const menu = loader.read(places);
      if (menu) menus.push(complete(menu, places));
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

/** A damaged kernel image leaves the entry as the loader's own files have it. */
function complete(menu: BootMenu, places: readonly BootPlace[]): BootMenu {
  try {
    return completeUnified(menu, places);
  } catch (thrown) {
    return { ...menu, diagnostics: [...menu.diagnostics, damageFrom(asImageError(thrown))] };
  }
}

function identifyFallback(places: readonly BootPlace[]): string | undefined {
  try {
    for (const { kind, view } of places) {
      if (kind !== 'esp') continue;
      for (const { name, type } of view.list('/EFI/BOOT') ?? []) {
        if (type !== 'file' || !/^boot\w+\.efi$/i.test(name)) continue;
        const loader = identifyLoader(view.open(`/EFI/BOOT/${name}`));
        if (loader !== undefined) return loader;
      }
    }
    return undefined;
  } catch (thrown) {
    asImageError(thrown);
    return undefined;
  }
}

function identifyLoader(source: ByteSource): string | undefined {
  const sections = findPeHeader(source) === undefined ? [] : openPe(source).sections;
  const marked = sectionMarks.find(({ section }) => sections.some(({ name }) => name === section));
  if (marked) return marked.loader;
  const bytes = Buffer.from(source.read(0, Math.min(source.size, MAX_LOADER)));
  return textMarks.find(({ text }) => bytes.includes(text))?.loader;
}
