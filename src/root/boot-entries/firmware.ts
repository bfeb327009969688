/**
 * No boot loader at all: the firmware starts a unified kernel image from its fallback path, `EFI/BOOT/BOOT*.EFI` of the EFI
 * system partition (UEFI 2.10, section 3.5.1.1). Of several architectures each is an entry.
 */
import type { BootEntry, BootLoader, BootMenu } from './boot-entry.ts';
import { readUnifiedKernels } from './unified-kernel.ts';

const folder = '/EFI/BOOT';

export const firmware: BootLoader = {
  id: 'firmware',
  read(places): BootMenu | undefined {
    const entries = places.flatMap(({ kind, device, view }): BootEntry[] => {
      if (kind !== 'esp') return [];
      const files = (view.list(folder) ?? []).filter(({ name }) => /^boot\w+\.efi$/i.test(name));
      return files.flatMap(({ name }) => {
        const [first] = readUnifiedKernels(view, `${folder}/${name}`);
        return first ? [{ loader: firmware.id, id: name, source: device.label, ...first.parts }] : [];
      });
    });
    const [first] = entries;
    if (!first) return undefined;
    const location = first.linux?.location ?? { source: first.source };
    return { loader: firmware.id, location, entries, default: first, diagnostics: [] };
  },
};
