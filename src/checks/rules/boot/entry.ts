/** The boot loader has a configuration, and its default entry starts a kernel. */
import { at, fail, pass, skip, undecidable } from '../../verdict.ts';
import { type BootLink, notADisk, startsByItself } from './link.ts';

/** Programs that start nothing without a configuration. */
const configured = new Set(['systemd-boot', 'grub']);

export const entry: BootLink = {
  id: 'entry',
  needs: ['boot'],
  judge: (facts) => {
    const boot = facts.get('boot', '', ['entry']);
    if (!startsByItself(boot)) return notADisk;
    const { entry: chosen, menus, firmwarePrograms: programs, unifiedKernels } = boot;
    if (chosen) {
      const place = chosen.kernel?.named ?? chosen.commandLine?.location;
      const evidence = place ? [at(place)] : [];
      if (!chosen.kernel) return fail(`the entry ${chosen.id} of ${chosen.loader} starts no kernel`, { evidence });
      return pass(`${chosen.loader} starts ${chosen.id}`, evidence);
    }
    const undecided = menus[0]?.undecided;
    if (undecided) return undecidable(`${menus[0]?.loader} decides on the board what it starts: ${undecided.text}`);
    const unified = programs.find(({ program }) => program === 'unified kernel image');
    if (unified) return pass('the firmware starts a unified kernel image', [at(unified.location)]);
    const [first] = unifiedKernels;
    if (first) return undecidable('which unified kernel image of EFI/Linux starts is decided by the boot loader');
    const [menu] = menus;
    if (menu) return fail(`${menu.loader} has no entry that starts this system`, { evidence: [at(menu.location)] });
    const loader = programs.find(({ program }) => configured.has(program ?? ''));
    if (loader)
      return fail(`${loader.program} has no configuration and no entry to start`, { evidence: [at(loader.location)] });
    if (boot.table === 'none') return skip('the image has no partition table');
    return undecidable('no boot loader that is known has its configuration here: other firmware starts this disk');
  },
};
