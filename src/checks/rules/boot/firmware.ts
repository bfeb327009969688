/** The firmware finds a program of its own architecture on the EFI system partition. */
import type { BootFact, FirmwareProgram } from '../../../facts/boot/boot-fact.ts';
import type { Verdict } from '../../check.ts';
import { at, fail, inconclusive, pass, skip } from '../../verdict.ts';
import { type BootLink, notADisk, startsByItself } from './link.ts';

/** Names by Debian's architecture (UEFI 2.10, section 3.5.1.1). */
const fallbackNames: Readonly<Record<string, string>> = {
  amd64: 'bootx64.efi',
  arm64: 'bootaa64.efi',
  armhf: 'bootarm.efi',
  i386: 'bootia32.efi',
  riscv64: 'bootriscv64.efi',
  loong64: 'bootloongarch64.efi',
};
/** What U-Boot reads without the help of a program. */
const ofUBoot: ReadonlySet<string> = new Set(['extlinux', 'u-boot']);
/** GPT type of the partition that holds GRUB's core image on machines with a BIOS. */
const biosBootType = '21686148-6449-6e6f-744e-656564454649';

export const firmware: BootLink = {
  id: 'firmware',
  needs: ['boot', 'platform'],
  judge: (facts) => {
    const boot = facts.get('boot', '', ['entry']);
    if (!startsByItself(boot)) return notADisk;
    const { architecture } = facts.get('platform');
    return judgeFirmware(boot, architecture);
  },
};

function judgeFirmware(boot: BootFact, architecture: string | undefined): Verdict {
  const { firmwarePrograms: programs, systemPartitions, entry, devices } = boot;
  const partitions = devices.filter(({ name }) => systemPartitions.includes(name));
  const hidden = partitions.find(({ content }) => content === 'unreadable');
  if (hidden) return inconclusive(`the EFI system partition ${hidden.title} could not be read`, hidden.location);
  const places = partitions.map(({ location }) => at(location));
  if (programs.length === 0) {
    if (isStartedOtherwise(boot))
      return skip(`nothing here is made for UEFI: ${entry?.loader ?? 'other firmware'} is started otherwise`);
    const [first] = partitions;
    if (!first)
      return fail('the disk has no EFI system partition, and nothing else that firmware would start', {
        evidence: devices.map(({ location, title }) => at(location, 'at', title)),
      });
    return fail(`the EFI system partition ${first.title} has no EFI/BOOT/BOOT*.EFI`, { evidence: places });
  }
  const unread = programs.find(({ state }) => state === 'unreadable');
  if (unread) return inconclusive(`${unread.reason}`, unread.location);
  return judgePrograms(programs, architecture);
}

function judgePrograms(programs: readonly FirmwareProgram[], architecture: string | undefined): Verdict {
  const evidence = programs.map(({ location }) => at(location));
  const wanted = architecture === undefined ? undefined : fallbackNames[architecture];
  const program = wanted === undefined ? programs[0] : programs.find(({ name }) => name === wanted);
  if (!program) {
    return fail(`firmware of ${architecture} looks for EFI/BOOT/${wanted?.toUpperCase()}, which is not there`, {
      expected: `EFI/BOOT/${wanted?.toUpperCase()}`,
      found: programs.map(({ name }) => name).join(', '),
      evidence,
    });
  }
  const here = [at(program.location)];
  const { reason, architecture: made = 'unknown', subsystem, program: kind } = program;
  if (reason !== undefined)
    return fail(`${program.name.toUpperCase()} is no EFI program: ${reason}`, { evidence: here });
  if (architecture !== undefined && made !== architecture) {
    return fail(`${program.name.toUpperCase()} is a program for ${made}, the system is ${architecture}`, {
      expected: architecture,
      found: made,
      evidence: here,
    });
  }
  if (subsystem !== 'efi-application')
    return fail(`${program.name.toUpperCase()} is no EFI application (${subsystem})`, { evidence: here });
  return pass(`${kind ?? 'an EFI program'} for ${made}`, here);
}

/** A BIOS boot partition, an MBR (its boot code is not judged), or a loader that U-Boot implements. */
function isStartedOtherwise({ table, menus, devices }: BootFact): boolean {
  return (
    table !== 'gpt' ||
    ofUBoot.has(menus[0]?.loader ?? '') ||
    devices.some(({ partition }) => partition?.type === biosBootType)
  );
}
