/**
 * Debian's architecture names for ELF headers: e_machine with class and byte order, and e_flags where one machine has several ABIs
 * (dpkg's ostable and cputable; e_flags as in each processor's ABI supplement).
 */
import type { ElfHeader } from './elf-file.ts';

const EM_386 = 3;
const EM_MIPS = 8;
const EM_ARM = 40;

/** `e_machine/class/byte order` of the machines that need no more than that. */
const names: Readonly<Record<string, string>> = {
  '2/32/big': 'sparc',
  [`${EM_386}/32/little`]: 'i386',
  '4/32/big': 'm68k',
  '15/32/big': 'hppa',
  '20/32/big': 'powerpc',
  '21/64/big': 'ppc64',
  '21/64/little': 'ppc64el',
  '22/32/big': 's390',
  '22/64/big': 's390x',
  '42/32/little': 'sh4',
  '43/64/big': 'sparc64',
  '50/64/little': 'ia64',
  '62/32/little': 'x32',
  '62/64/little': 'amd64',
  '183/64/little': 'arm64',
  '243/64/little': 'riscv64',
  '258/64/little': 'loong64',
  '36902/64/little': 'alpha',
};

const EF_ARM_ABI_FLOAT_SOFT = 0x200;
const EF_MIPS_ABI2 = 0x20;

/** `amd64`, `arm64`, ... or `unknown`. 32-bit ARM that declares no float ABI (Go's linker, assembler) counts as armhf. */
export function debianArchitecture(header: ElfHeader): string {
  const { machine, class: bits, endianness, flags } = header;
  if (machine === EM_ARM && bits === 32 && endianness === 'little')
    return (flags & EF_ARM_ABI_FLOAT_SOFT) !== 0 ? 'armel' : 'armhf';
  if (machine === EM_MIPS) {
    const suffix = endianness === 'little' ? 'el' : '';
    if (bits === 64) return `mips64${suffix}`;
    return (flags & EF_MIPS_ABI2) !== 0 ? `mipsn32${suffix}` : `mips${suffix}`;
  }
  return names[`${machine}/${bits}/${endianness}`] ?? 'unknown';
}
